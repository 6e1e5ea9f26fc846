import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { config, mlx, readJson, root, scratch } from './mlx.ts';

const shipped = (name: string) => gunzipSync(readFileSync(join(root, 'data/mnist-10k', name)));
const images = shipped('images.idx3-ubyte.gz');
const labels = shipped('labels.idx1-ubyte.gz');

/** A folder with a config that reads its own two IDX files. */
function withFiles(x: Buffer, y: Buffer): string {
  const folder = scratch();
  writeFileSync(join(folder, 'x.idx'), x);
  writeFileSync(join(folder, 'y.idx'), y);
  writeFileSync(
    join(folder, 'own.yaml'),
    `data:
  source: { type: idx, images: x.idx, labels: y.idx }
  split: { train: 200, test: 100 }
  features:
    - normalize: pixel
architecture:
  - flatten
  - dense: { units: 10 }
`,
  );
  return folder;
}
const run = (folder: string, ...more: string[]) =>
  mlx(['run', join(folder, 'own.yaml'), '--experiments', join(folder, 'experiments'), ...more]);

describe('IDX files of one’s own', () => {
  it('train, packed or not', async () => {
    expect((await run(withFiles(images, labels))).code).toBe(0);
    expect((await run(withFiles(gzipSync(images), gzipSync(labels)))).code).toBe(0);
  });

  it('leave nothing outside of what was asked for: no id, no telemetry of a library', async () => {
    const home = scratch();
    const folder = withFiles(images, labels);
    // No more than this: the library is quiet by itself where it sees CI.
    const path = process.env['PATH'];
    const env = { PATH: path, HOME: home, XDG_CACHE_HOME: home, XDG_CONFIG_HOME: home, TMPDIR: home };
    const experiments = join(folder, 'experiments');
    const { code } = await mlx(['run', join(folder, 'own.yaml'), '--experiments', experiments], {
      env,
    });
    expect(code).toBe(0);
    expect(readdirSync(home)).toEqual([]);
    expect(readdirSync(folder).sort()).toEqual(['experiments', 'own.yaml', 'x.idx', 'y.idx']);
  });

  const broken: [what: string, x: Buffer, y: Buffer, message: RegExp][] = [
    ['truncated images', images.subarray(0, 5_000_000), labels, /x\.idx.*(bytes|ends|truncated)/s],
    ['a wrong magic', Buffer.concat([Buffer.from('PNG!'), images.subarray(4)]), labels, /x\.idx.*magic/s],
    ['labels in place of images', labels, labels, /x\.idx/],
    ['an empty file', Buffer.alloc(0), labels, /x\.idx.*empty/s],
    ['a broken gzip', gzipSync(images).subarray(0, 100_000), labels, /x\.idx/],
    [
      'fewer labels than images',
      images,
      Buffer.from([0, 0, 8, 1, 0, 0, 0, 10, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
      /10 labels|labels.*10/,
    ],
  ];
  for (const [what, x, y, message] of broken)
    it(`${what}: exit 3, one message, no folder`, async () => {
      const folder = withFiles(x, y);
      const { code, stderr } = await run(folder);
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/\n\s+at .*:\d+:\d+/);
      expect(code).toBe(3);
      expect(existsSync(join(folder, 'experiments'))).toBe(false);
    });

  it('a missing file names it, exit 3', async () => {
    const folder = withFiles(images, labels);
    const { code, stderr } = await run(folder, '--set', 'data.source.images=nowhere.idx');
    expect(stderr).toMatch(/nowhere\.idx/);
    expect(code).toBe(3);
  });
});

/** Mounts a small memory file system; false where that isn't allowed. */
function mounted(folder: string, options: string): boolean {
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
const unmount = (folder: string) => execFileSync('umount', ['-l', folder]);

describe('a disk that refuses', () => {
  const small = [
    '--set',
    'data.split={train: 500, test: 100}',
    '--set',
    'training.epochs=2',
    '--set',
    'expect=[]',
  ];

  it('full: exit 3, the folder stays readable, no temporary files', async (test) => {
    const experiments = join(scratch(), 'full');
    if (!mounted(experiments, 'size=300k')) return test.skip('mounting a tmpfs is not permitted here');
    try {
      const ended = await mlx(['run', config('mnist-mlp.yaml'), ...small, '--experiments', experiments]);
      expect(ended.stderr).toMatch(/no space|disk is full|ENOSPC/i);
      expect(ended.stderr).not.toMatch(/\n\s+at .*:\d+:\d+/);
      expect(ended.code).toBe(3);
      const name = join(experiments, 'mnist-mlp');
      for (const id of existsSync(name) ? readdirSync(name) : []) {
        for (const file of readdirSync(join(name, id), { recursive: true, encoding: 'utf8' }))
          expect(file).not.toMatch(/tmp|temp/i);
        if (existsSync(join(name, id, 'result.json')))
          expect(readJson(name, id, 'result.json').format).toBe(1);
      }
    } finally {
      unmount(experiments);
    }
  });

  it('read-only: exit 3 and says where', async (test) => {
    const experiments = join(scratch(), 'read-only');
    if (!mounted(experiments, 'ro,size=300k')) return test.skip('mounting a tmpfs is not permitted here');
    try {
      const ended = await mlx(['run', config('perceptron.yaml'), '--experiments', experiments]);
      expect(ended.stderr).toMatch(/read-only/);
      expect(ended.stderr).toContain('experiments');
      expect(ended.code).toBe(3);
    } finally {
      unmount(experiments);
    }
  });
});
