import { describe, expect, it } from 'vitest';
import type { LabelColumns } from '../../../src/protocol/target.ts';
import { failure } from '../helpers.ts';
import { read, request, table } from './helpers.ts';

const ROWS = 'x,red,round,tags\n1,1,yes,red; round\n2,0,no,big\n3,1,no,"red;;big"\n4,0,yes,round\n';
const readLabels = (text: string, labels: LabelColumns, drop: string[] = []) =>
  read(text, {
    task: 'multilabel_classification',
    target: undefined,
    labels,
    table: request({ rows: drop.length > 0 ? [{ kind: 'drop', value: drop }] : [] }),
  });

describe('labels in columns', () => {
  it('are 0 and 1, row by row, and no inputs', async () => {
    const raw = await readLabels(ROWS, { columns: ['round', 'red'] }, ['tags']);
    expect(raw.target).toEqual({ kind: 'labels', labels: ['round', 'red'] });
    expect(raw.y).toEqual(Uint8Array.of(1, 1, 0, 0, 0, 1, 1, 0));
    expect(table(raw)).toEqual({ x: [1, 2, 3, 4] });
  });

  it('the second of two values says that a row has it', async () => {
    const raw = await readLabels('x,a,b\n1,ham,2\n2,spam,1\n3,ham,1\n', { columns: ['a', 'b'] });
    expect([...raw.y]).toEqual([0, 1, 1, 0, 0, 0]);
  });

  it.each([
    [
      'a third value',
      'x,a,b\n1,0,1\n2,1,0\n3,2,0\n',
      /`a` has 3 different values \(0, 1, 2\); a label has two/,
    ],
    ['one value', 'x,a,b\n1,0,1\n2,0,0\n', /`a` is always 0: there is nothing to learn/],
    ['a missing value', 'x,a,b\n1,0,1\n2,1,\n3,1,0\n', /row 2: the target `b` has no value \(1 of 3 rows\)/],
    ['no such column', 'x,a,c\n1,0,1\n2,1,0\n', /there is no column `b`/],
    ['nothing else', 'a,b\n0,1\n1,0\n', /no column besides the target/],
  ])('%s is refused', async (_, text, message) => {
    const { message: told, details } = await failure(() => readLabels(text, { columns: ['a', 'b'] }));
    expect(told).toMatch(message);
    expect(details.path?.[0]).toBe('data');
  });
});

describe('labels in one column of texts', () => {
  const tags = { column: 'tags', separator: ';' };

  it('are its different parts, by alphabet, without blanks; as scikit-learn’s MultiLabelBinarizer', async () => {
    const raw = await readLabels(ROWS, tags, ['red', 'round']);
    expect(raw.target).toEqual({ kind: 'labels', labels: ['big', 'red', 'round'] });
    expect([...raw.y]).toEqual([0, 1, 1, 1, 0, 0, 1, 1, 0, 0, 0, 1]);
    expect(Object.keys(table(raw))).toEqual(['x']);
  });

  it('a row without any has to be meant', async () => {
    const text = 'x,tags\n1,a;b\n2,\n3,a\n';
    const { message, details } = await failure(() => readLabels(text, tags));
    expect(message).toBe('row 2: the target `tags` has no value (1 of 3 rows)');
    expect(details.help).toContain(`- derive: { tags: "coalesce(tags, '')" }`);
    const raw = await read(text, {
      task: 'multilabel_classification',
      target: undefined,
      labels: tags,
      table: request({ rows: [{ kind: 'derive', value: { tags: "coalesce(tags, '')" } }] }),
    });
    expect([...raw.y]).toEqual([1, 1, 0, 0, 1, 0]);
  });

  it('names with quotes are only names', async () => {
    const raw = await readLabels(`x,tags\n1,it's|"a"\n2,it's\n3,b\n`, { column: 'tags', separator: '|' });
    expect(raw.target).toEqual({ kind: 'labels', labels: ['"a"', 'b', "it's"] });
    expect([...raw.y]).toEqual([1, 0, 1, 0, 0, 1, 0, 1, 0]);
  });

  it.each([
    ['another separator', 'x,tags\n1,a\n2,a\n', /`tags` has one label, a; labels are two or more/],
    ['none at all', 'x,tags\n1,;\n2,;\n', /`tags` has no label; labels are two or more/],
    ['a label of all rows', 'x,tags\n1,a;b\n2,a\n', /every row has the label a: there is nothing to learn/],
  ])('%s is refused', async (_, text, message) => {
    expect((await failure(() => readLabels(text, tags))).message).toMatch(message);
  });
});
