import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withTables } from './architecture.ts';
import { src } from './imports.ts';

const path = join(src, 'ARCHITECTURE.md');

describe('ARCHITECTURE', () => {
  it('shows the tables of rooms and packages that the tests go by (else: npm run house:refresh)', () => {
    const text = readFileSync(path, 'utf8');
    if (process.env['HOUSE_REFRESH'] === '1') writeFileSync(path, withTables(text));
    expect(readFileSync(path, 'utf8')).toBe(withTables(text));
  });

  it('refuses a document without the markers', () => {
    expect(() => withTables('# How mlx is built')).toThrow(/needs the lines/);
  });
});
