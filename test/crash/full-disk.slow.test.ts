import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCheckpoint } from '../../src/record/index.ts';
import { mountTmpfs, remount } from '../record/helpers.ts';
import { smallSubject } from './small.ts';
import { plain } from './strace.ts';
import { aftermath, makeReference, mlx, type Subject } from './subject.ts';

const folder = mkdtempSync(join(tmpdir(), 'mlx-full-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const disk = mountTmpfs('size=1m');
if (typeof disk !== 'string') console.warn(`skipped, training on a full disk: ${disk.reason}`);

describe.skipIf(typeof disk !== 'string')('a disk that gets full', () => {
  let small: Subject;
  beforeAll(async () => {
    small = await makeReference(smallSubject(join(import.meta.dirname, '../..'), folder));
  });
  const last = 'small/0001/checkpoints/last.safetensors';

  // A file takes whole pages of 4 KiB: full before the run is made, at the first checkpoint, at the second, at the results.
  it.each([16, 24, 32, 40, 56])(
    'of %i KiB ends with a clear message, a whole checkpoint, and room lets it go on',
    async (size) => {
      const experiments = join(disk as string, `of-${size}`);
      remount(disk as string, `size=${size}k`);
      const { code, stderr } = await plain(
        mlx(small, [...small.args, '--experiments', experiments], { names: 0 }),
      );
      expect(stderr).toMatch(
        /error\[record-write\]: can't write .*: the disk is full \(ENOSPC\)\n {2}help: free some space/,
      );
      expect(stderr).not.toMatch(/\n\s+at .*:\d+/);
      expect(code).toBe(3);
      const checkpoint = join(experiments, last);
      if (existsSync(checkpoint)) expect((await readCheckpoint(checkpoint)).state.size).toBeGreaterThan(0);
      remount(disk as string, 'size=1m');
      expect(existsSync(checkpoint)).toBe(size >= 32);
      const { run, problems } = await aftermath(small, experiments);
      expect(run).toBe(size > 16);
      expect(problems).toEqual([]);
      rmSync(experiments, { recursive: true, force: true });
    },
  );
});
