import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readExplanations } from '../../src/record/index.ts';
import { scratch } from './helpers.ts';

const example = (id: number) => JSON.stringify({ format: 1, example: { id } });

it('reads what mlx explain left: the first examples by id, and pictures that are some', () => {
  const folder = scratch();
  const problems: string[] = [];
  expect(readExplanations(folder, problems)).toEqual({ examples: [], more: 0 });
  const put = (name: string, text: string | Buffer) => writeFileSync(join(folder, 'explain', name), text);
  mkdirSync(join(folder, 'explain'));
  for (const id of [100, 9, 20, 3, 4, 5, 6, 7, 8]) put(`example-${id}.json`, example(id));
  for (const name of ['example-x.json', 'example-1.json.tmp', 'example-1.png']) put(name, 'x');
  put('typical.png', Buffer.from('\x89PNG\r\n\x1a\n…', 'latin1'));
  put('wrong.png', '<svg onload=alert(1)>');
  put('model.json', '{"format":1,"looked":7}');
  const found = readExplanations(folder, problems);
  expect(found.examples.map((one) => one.example?.id)).toEqual([3, 4, 5, 6, 7, 8, 9, 20]);
  expect(found).toMatchObject({ more: 1, model: { looked: 7 } });
  expect(Object.keys(found)).toEqual(['model', 'typical', 'examples', 'more']);
  expect(problems).toEqual([]);
  for (const text of ['[7', 'null', '{"format":2}', '']) {
    put('model.json', text);
    put('example-3.json', text);
    const problems: string[] = [];
    const { model, examples } = readExplanations(folder, problems);
    expect([model, examples.length]).toEqual([undefined, 7]);
    expect(problems).toEqual(['explain/model.json is damaged', 'explain/example-3.json is damaged']);
  }
});

it('reads no folders, and no files that are far too large', () => {
  const folder = scratch();
  mkdirSync(join(folder, 'explain', 'model.json'), { recursive: true });
  mkdirSync(join(folder, 'explain', 'example-1.json'));
  writeFileSync(join(folder, 'explain', 'example-2.json'), ' '.repeat((1 << 23) + 1));
  expect(readExplanations(folder, [])).toEqual({ examples: [], more: 0 });
  const file = scratch();
  writeFileSync(join(file, 'explain'), 'x');
  expect(readExplanations(file, [])).toEqual({ examples: [], more: 0 });
});
