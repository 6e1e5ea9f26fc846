import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
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

  it('and the pages on the inner workings name files that are there', () => {
    const root = join(src, '..');
    const pages = readdirSync(join(root, 'docs/internals')).map((name) => join(root, 'docs/internals', name));
    const missing = [path, ...pages].flatMap((page) =>
      [...readFileSync(page, 'utf8').matchAll(/`([a-z0-9-]+(?:\/[a-z0-9.-]+)+\.tsx?)/g)]
        .map(([, file = '']) => file)
        .filter((file) => ![src, root, join(root, 'test')].some((at) => existsSync(join(at, file))))
        .map((file) => `${page.slice(root.length + 1)}: ${file}`),
    );
    expect(missing).toEqual([]);
  });
});
