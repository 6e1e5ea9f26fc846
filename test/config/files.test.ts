import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { MlxError } from '../../src/errors.ts';
import { BASE } from './helpers.ts';

const folder = mkdtempSync(join(tmpdir(), 'mlx-files-'));
writeFileSync(join(folder, 'mnist-cnn.yaml'), BASE);
writeFileSync(join(folder, 'large.yaml'), `${BASE}# ${'x'.repeat(1 << 20)}`);
mkdirSync(join(folder, 'sub'));
writeFileSync(join(folder, 'sub', 'a.yaml'), BASE);

function refusal(name: string): MlxError {
  try {
    loadConfig(join(folder, name), { set: [] });
  } catch (error) {
    if (error instanceof MlxError) return error;
    throw error;
  }
  throw new Error('accepted');
}

describe('files', () => {
  it('names the file that was meant', () => {
    const error = refusal('mnist-cn.yaml');
    expect(error.code).toBe('config-missing');
    expect(error.exit).toBe(2);
    expect(error.message).toMatch(/^there is no file .*mnist-cn\.yaml|…$/);
    expect(error.details.help).toMatch(/^did you mean /);
  });
  it('lists what is there when nothing is close', () => {
    expect(refusal('completely-different.yaml').details.help).toMatch(/has large\.yaml, mnist-cnn\.yaml$/);
  });
  it('says so for a folder, a path through a file, and a large file', () => {
    expect(refusal('sub').code).toBe('config-unreadable');
    expect(refusal('sub').details.help).toMatch(/^name a file in it/);
    expect(refusal('mnist-cnn.yaml/x.yaml').code).toBe('config-missing');
    expect(refusal('large.yaml').code).toBe('config-too-large');
    expect(refusal('a\0b.yaml').code).toBe('config-missing');
    expect(refusal(`${'n'.repeat(300)}.yaml`).code).toBe('config-missing');
  });
});
