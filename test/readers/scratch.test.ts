import { spawnSync } from 'node:child_process';
import { fstatSync, mkdirSync, readdirSync, writeFileSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openScratch } from '../../src/readers/files/scratch.ts';
import { folder } from './helpers.ts';

describe('the folder for what is too large for memory', () => {
  it('is made when it is needed, and gone afterwards', () => {
    const cache = folder();
    const scratch = openScratch(cache);
    expect(readdirSync(cache)).toEqual([]);
    writeFileSync(join(scratch.path(), 'x'), '1');
    expect(readdirSync(join(cache, 'tmp'))).toHaveLength(1);
    scratch.remove();
    expect(readdirSync(join(cache, 'tmp'))).toEqual([]);
  });

  it('its files have no name from the start, and can be used', () => {
    const scratch = openScratch(folder());
    const handle = scratch.file();
    expect(readdirSync(scratch.path())).toEqual([]);
    scratch.remove();
    writeSync(handle, 'abc');
    expect(fstatSync(handle)).toMatchObject({ size: 3, nlink: 0 });
  });

  it("what a killed process left goes at the next start; a living one's and another machine's stay", () => {
    const cache = folder();
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    const name = (host: string, process: number) =>
      `scratch-${host.replace(/[^A-Za-z0-9.]/g, '_')}-${process}-0123abcd`;
    const [dead, alive, far] = [
      name(hostname(), pid!),
      name(hostname(), process.pid),
      name('elsewhere', pid!),
    ];
    for (const each of [dead, alive, far, 'something-else'])
      mkdirSync(join(cache, 'tmp', each), { recursive: true });
    const scratch = openScratch(cache);
    const own = scratch.path().split('/').at(-1)!;
    expect(readdirSync(join(cache, 'tmp')).sort()).toEqual([alive, far, own, 'something-else'].sort());
    scratch.remove();
  });

  it('where the cache can not be written, the system has a place', () => {
    const cache = join(folder(), 'file');
    writeFileSync(cache, '');
    const scratch = openScratch(cache);
    expect(scratch.path()).not.toContain(cache);
    scratch.remove();
  });
});
