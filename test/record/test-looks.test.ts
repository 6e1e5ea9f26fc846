import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { countLook, listRuns } from '../../src/record/index.ts';

const root = () => mkdtempSync(join(tmpdir(), 'mlx-looks-'));

describe('looks at a test set', () => {
  it('are counted for each run once, and for each test set apart', async () => {
    const at = root();
    expect(await countLook(at, 'a'.repeat(64), 'cnn/1111')).toBe(1);
    expect(await countLook(at, 'a'.repeat(64), 'cnn/2222')).toBe(2);
    expect(await countLook(at, 'a'.repeat(64), 'cnn/2222')).toBe(2);
    expect(await countLook(at, 'b'.repeat(64), 'cnn/2222')).toBe(1);
    expect(await listRuns(at)).toEqual([]);
  });

  it('of runs that end together are all there', async () => {
    const at = root();
    const ids = Array.from({ length: 60 }, (_, i) => `mlp/${i}`);
    const counts = await Promise.all(ids.map((id) => countLook(at, 'c'.repeat(64), id)));
    expect(Math.max(...counts.map(Number))).toBe(60);
    expect(await countLook(at, 'c'.repeat(64), 'mlp/0')).toBe(60);
  });

  it('are unknown where nothing can be written', async () => {
    const at = root();
    writeFileSync(join(at, '.test-looks'), 'a file in its place');
    expect(await countLook(at, 'd'.repeat(64), 'mlp/1')).toBeUndefined();
    expect(readdirSync(at)).toEqual(['.test-looks']);
  });
});
