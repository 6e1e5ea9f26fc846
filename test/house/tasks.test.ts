import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tasks } from '../../src/catalog/tasks/index.ts';

const src = join(import.meta.dirname, '../../src');

/** Files that may name a task: how results of version 0.1 are read, and what `mlx init` proposes and `mlx inspect` refuses. */
const MAY = [
  'protocol/result.ts',
  'protocol/target.ts',
  'cli/inspect-data.ts',
  'data/init/choose.ts',
  'data/init/index.ts',
  'data/init/text.ts',
];

const names = [...tasks.keys()].join('|');
const kinds = [...new Set([...tasks.values()].map(({ target }) => target.kind))].join('|');
const QUESTIONS = [
  new RegExp(`(===|!==) '(${names})'|case '(${names})'`),
  new RegExp(`\\btarget\\.kind (===|!==) '(${kinds})'|\\bkind (===|!==) '(class|labels)'`),
  /\btask\b (===|!==) /,
];

describe('tasks', () => {
  it('are asked for what they offer, not for their names or the kinds of their targets', () => {
    const asking = readdirSync(src, { recursive: true, encoding: 'utf8' })
      .map((file) => file.split('\\').join('/'))
      .filter((file) => /\.tsx?$/.test(file) && !file.startsWith('catalog/tasks/') && !MAY.includes(file))
      .filter((file) =>
        readFileSync(join(src, file), 'utf8')
          .split('\n')
          .some((line) => QUESTIONS.some((question) => question.test(line))),
      );
    expect(asking).toEqual([]);
  });
});
