import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lines, mlx, scratch } from './mlx.ts';

it('mlx cache lists what is kept and cleans it, part by part', async () => {
  const home = scratch();
  const folder = join(home, 'mlx-experiments');
  const env = { ...process.env, XDG_CACHE_HOME: home };
  expect((await mlx(['cache'], { env })).stdout).toBe(`${folder}  0.0 kB\n`);
  mkdirSync(join(folder, 'downloads/addresses'), { recursive: true });
  mkdirSync(join(folder, 'prepared'));
  writeFileSync(join(folder, 'prepared/abc'), Buffer.alloc(2_500_000));
  writeFileSync(join(folder, 'downloads/00ff'), 'a,b\n');
  const note = { address: 'https://example.com/\u001b[2Jt.csv', sha256: '00ff', bytes: 4 };
  writeFileSync(join(folder, 'downloads/addresses/x'), JSON.stringify(note));
  const { stdout } = await mlx(['cache'], { env });
  expect(stdout.split('\n').slice(0, 4)).toEqual([
    `${folder}  2.5 MB`,
    '  prepared          2.5 MB  1 file: tables as runs prepared them',
    '  downloads         0.0 kB  1 file: files of https:// addresses',
    '                    0.0 kB  https://example.com/\\x1b[2Jt.csv',
  ]);
  expect(lines((await mlx(['cache', '--json'], { env })).stdout)).toMatchObject([
    { part: 'prepared', name: 'abc', bytes: 2_500_000 },
    { part: 'downloads', name: note.address, bytes: 4 },
  ]);
  expect((await mlx(['cache', 'all', '--clean'], { env })).code).toBe(2);
  expect((await mlx(['cache', 'prepared', '--clean'], { env })).stdout).toContain(
    'removed 2.5 MB in 1 files',
  );
  expect([existsSync(join(folder, 'prepared')), existsSync(join(folder, 'downloads/00ff'))]).toEqual([
    false,
    true,
  ]);
  await mlx(['cache', '--clean'], { env });
  expect(existsSync(join(folder, 'downloads'))).toBe(false);
});
