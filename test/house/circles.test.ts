import { dirname, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { circles, edgesOf } from './circles.ts';
import { files, imports, isLocal, resolved } from './imports.ts';

const local = imports.filter(isLocal).map((i) => [i.file, resolved(i)] as const);

/** Circles that are still there; this list only gets shorter. */
const OPEN_FILES = [
  'catalog/metrics/confusion.ts catalog/metrics/errors.ts catalog/metrics/labels.ts catalog/metrics/metric.ts',
];

/** Folder of a file; files of src itself each stand for themselves. */
const folderOf = (file: string): string => (file.includes('/') ? dirname(file) : file);
/** An `index.ts` puts the parts of its folder together, those of its subfolders too. */
const assembles = ([from, to]: readonly [string, string]): boolean =>
  posix.basename(from) === 'index.ts' && folderOf(to).startsWith(`${folderOf(from)}/`);

describe('circles', () => {
  it('has none between files, imports of types included', () => {
    const open = circles(edgesOf(local)).map((circle) => circle.join(' '));
    expect(open.filter((circle) => !OPEN_FILES.includes(circle))).toEqual([]);
  });

  it('has none between folders, of which every subfolder is one', () => {
    const pairs = local
      .filter((pair) => !assembles(pair))
      .map(([a, b]) => [folderOf(a), folderOf(b)] as const);
    expect(circles(edgesOf(pairs))).toEqual([]);
  });

  it('imports only files that are there', () => {
    const known = new Set(files);
    expect(local.filter(([, to]) => !known.has(to) && to.endsWith('.ts'))).toEqual([]);
  });

  it('would find a circle', () => {
    const edges = edgesOf([
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'b'],
      ['c', 'd'],
      ['d', 'd'],
    ]);
    expect(circles(edges)).toEqual([['b', 'c']]);
  });
});
