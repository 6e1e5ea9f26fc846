import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sources } from '../../../src/catalog/sources/index.ts';
import { EXIT } from '../../../src/errors.ts';
import { Database } from '../../../src/readers/table/duckdb.ts';
import { context, failure, folder } from '../helpers.ts';
import { read, request, table } from './helpers.ts';

const CSV = `num,cat,bin,day,zip,y
1.5,red,true,2024-01-02,01234,b
,green,false,1970-01-01,00501,a
-2e3,NA,true,,12345,b
`;

describe('csv', () => {
  it('finds numbers, categories, binaries, dates, codes and missing values', async () => {
    const raw = await read(CSV);
    expect(raw.columns).toEqual([
      { name: 'num', kind: 'number' },
      { name: 'cat', kind: 'category', levels: ['green', 'red'] },
      { name: 'bin', kind: 'binary' },
      { name: 'day', kind: 'date' },
      { name: 'zip', kind: 'category', levels: ['00501', '01234', '12345'] },
    ]);
    expect(table(raw)).toEqual({
      num: [1.5, Number.NaN, -2000],
      cat: [1, 0, Number.NaN],
      bin: [1, 0, 1],
      day: [19724, 0, Number.NaN],
      zip: [1, 0, 2],
    });
    expect(raw).toMatchObject({ count: 3, shape: [5], target: { kind: 'class', classes: ['a', 'b'] } });
    expect([...raw.y]).toEqual([1, 0, 1]);
    expect(raw.files).toMatchObject([{ name: 'data', bytes: CSV.length }]);
  });

  it('kinds that are given win', async () => {
    const raw = await read('n,y\n1,a\n0,b\n', { table: request({ columns: { n: 'category' } }) });
    expect(raw.columns).toEqual([{ name: 'n', kind: 'category', levels: ['0', '1'] }]);
    const yes = await read('n,y\nyes,a\nNo,b\n', { table: request({ columns: { n: 'binary' } }) });
    expect(table(yes)).toEqual({ n: [1, 0] });
  });

  it('reads line breaks inside the header, whatever ends the lines', async () => {
    for (const [inside, ending] of [
      ['\n', '\r\n'],
      ['\r\n', '\n'],
      ['\r\n', '\r\n'],
      ['\n', '\n'],
    ] as const) {
      const lines = [`"a${inside}b",y`, '1,p', `"2",q`, ''];
      const raw = await read(lines.join(ending));
      expect(raw.columns).toMatchObject([{ name: `a${inside}b` }]);
      expect([...raw.x]).toEqual([1, 2]);
      const error = await failure(() => read([...lines.slice(0, 3), '1,2,3', ''].join(ending)));
      expect(error.message).toBe('line 5 of data has 3 fields; the header has 2');
    }
  });

  it('reads tabs, semicolons, quotes, line breaks in quotes, CRLF and a byte order mark', async () => {
    const raw = await read('\ufeffa;"b ""c""";y\r\n1;"x;\n z";p\r\n2;w;q\r\n');
    expect(raw.columns!.map((c) => c.name)).toEqual(['a', 'b "c"']);
    expect(raw.columns![1]!.levels).toEqual(['w', 'x;\n z']);
    expect(table(await read('a\ty\n1\tp\n2\tq\n'))).toEqual({ a: [1, 2] });
  });

  it('regression takes a number; whole numbers are classes without .0', async () => {
    const raw = await read('a,y\n1,10\n2,2.5\n', { task: 'regression' });
    expect([...raw.y]).toEqual([10, 2.5]);
    expect((await read('a,y\n1,10\n2,9\n')).target).toEqual({ kind: 'class', classes: ['9', '10'] });
  });

  it('a pattern reads its files by name, in any order that the folder has them', async () => {
    const raw = await read(
      { 'p2.csv': 'a,y\n3,p\n', 'p10.csv': 'a,y\n1,q\n', 'q.csv': 'b\n' },
      { params: { path: 'p*.csv' } },
    );
    expect(table(raw)).toEqual({ a: [1, 3] });
    expect(raw.files.map((f) => f.name)).toEqual(['p10.csv', 'p2.csv']);
  });

  it('names that would be patterns or SQL are names', async () => {
    const raw = await read(
      { "it's [1].csv": 'a"b,y\n1,p\n2,\'; DROP TABLE t; --\n' },
      { params: { path: "it's [1].csv" } },
    );
    expect(table(raw)).toEqual({ 'a"b': [1, 2] });
    expect(raw.target).toMatchObject({ classes: ["'; DROP TABLE t; --", 'p'] });
  });
});

describe('what is wrong is told', () => {
  const cases: [string, string | Record<string, string>, object, object][] = [
    [
      'a row with too few fields',
      'a,b,y\n1,2,p\n3,4\n5,6,q\n',
      {},
      { code: 'csv-row', message: 'line 3 of data has 2 fields; the header has 3' },
    ],
    ['a quote without end', 'a,y\n1,"p\n2,q\n', {}, { code: 'csv-row' }],
    ['an empty file', '', {}, { code: 'data-empty' }],
    ['a header only', 'a,y\n', {}, { code: 'data-empty' }],
    ['two columns of one name', 'a,A,y\n1,2,p\n', {}, { code: 'csv-header' }],
    ['a column without name', 'a,,y\n1,2,p\n', {}, { code: 'csv-header' }],
    ['no UTF-8', 'a,y\n\0\x01,p\n', {}, { code: 'data-encoding' }],
    [
      'no target',
      'a,species\n1,p\n2,q\n',
      { target: 'Spezies' },
      { code: 'target-missing', details: { help: 'rename it to `species`', path: ['data', 'target'] } },
    ],
    [
      'a target without value',
      'a,y\n1,p\n2,\n3,q\n',
      {},
      { code: 'target-empty', message: 'row 2: the target `y` has no value (1 of 3 rows)' },
    ],
    ['one class only', 'a,y\n1,p\n2,p\n', {}, { code: 'target-classes' }],
    ['classes for a regression', 'a,y\n1,p\n2,q\n', { task: 'regression' }, { code: 'target-kind' }],
    [
      'a column without any value',
      'a,b,y\n1,,p\n2,,q\n',
      {},
      { code: 'column-empty', message: 'the column `b` has no value in any row' },
    ],
    [
      'a wrong type',
      'a,y\n1,p\n2,p\nx9,q\n',
      { table: request({ columns: { a: 'number' } }) },
      {
        code: 'wrong-type',
        message: 'row 3: `a` is "x9"; expected a number',
        details: { path: ['data', 'columns', 'a'] },
      },
    ],
    [
      'a kind for no column',
      'age,y\n1,p\n2,q\n',
      { table: request({ columns: { aeg: 'number' } }) },
      { code: 'no-such-column', details: { help: 'rename it to `age`' } },
    ],
    [
      'other columns in the second file',
      { 'a.csv': 'a,y\n1,p\n', 'b.csv': 'b,y\n1,q\n' },
      { params: { path: '*.csv' } },
      { code: 'csv-header' },
    ],
    ['no such file', 'a', { params: { path: 'absent.csv' } }, { code: 'data-missing' }],
    ['no match', 'a', { params: { path: '*.csv' } }, { code: 'data-missing' }],
    ['broken JSON', '[{"a": 1, "y": "p"}, {"a"', { type: 'json' }, { code: 'json-format' }],
    ['no Parquet', 'a,y\n1,2\n', { type: 'parquet' }, { code: 'parquet-format' }],
  ];
  it.each(cases)('%s', async (_, files, asked, expected) => {
    const error = await failure(() => read(files, asked));
    expect(error).toMatchObject(expected);
    expect([EXIT.config, EXIT.data]).toContain(error.exit);
    expect(error.details.help, error.message).toBeTruthy();
  });
});

it('a text is the index among all different texts, in the order of their first row', async () => {
  const rows = Array.from({ length: 30 }, (_, i) => `"these are ""some"" words, ${29 - i}",${i % 2}`);
  const raw = await read(`t,y\n${[...rows, ',1', rows[3]].join('\n')}\n`);
  const [text] = raw.columns!;
  expect(text).toMatchObject({ name: 't', kind: 'text' });
  expect(text!.levels).toHaveLength(30);
  expect(text!.levels![0]).toBe('these are "some" words, 29');
  expect(table(raw)['t']).toEqual([...Array(30).keys(), Number.NaN, 3]);
});

describe('json and parquet', () => {
  const rows = [
    { a: 1, s: 'x', f: true, y: 'p' },
    { a: null, s: 'w', f: false, y: 'q' },
  ];
  it.each([
    ['an array', JSON.stringify(rows)],
    ['a line each', rows.map((row) => JSON.stringify(row)).join('\n')],
  ])('json: %s', async (_, text) => {
    const raw = await read(text, { type: 'json' });
    expect(table(raw)).toEqual({ a: [1, Number.NaN], s: [1, 0], f: [1, 0] });
    expect(raw.columns!.map((c) => c.kind)).toEqual(['number', 'category', 'binary']);
  });

  it('nested values have a clear error', async () => {
    const text = JSON.stringify([
      { a: { b: 1 }, y: 'p' },
      { a: { b: 2 }, y: 'q' },
    ]);
    const error = await failure(() => read(text, { type: 'json', table: request() }));
    expect(error).toMatchObject({ code: 'column-type', details: { help: 'leave it out: `- drop: [a]`' } });
  });

  it('parquet keeps the types that it has', async () => {
    const path = folder();
    const database = await Database.open('500MB');
    await database.run(
      `COPY (SELECT i::SMALLINT AS i, i * 1.25::DECIMAL(8,2) AS d, TIMESTAMP '1970-01-02 12:00:00' AS t, 'l' || (i % 2) AS c, i > 1 AS b, i::BIGINT AS y FROM range(4) r(i)) TO '${join(path, 'x.parquet')}' (FORMAT parquet)`,
    );
    database.close();
    const source = sources.get('parquet')!;
    const raw = await source.read(
      source.schema.parse({ path: 'x.parquet' }),
      context({ folder: path, target: 'y', task: 'regression' }),
    );
    expect(table(raw)).toEqual({
      i: [0, 1, 2, 3],
      d: [0, 1.25, 2.5, 3.75],
      t: [1.5, 1.5, 1.5, 1.5],
      c: [0, 1, 0, 1],
      b: [0, 0, 1, 1],
    });
  });
});

describe('rows', () => {
  const TEXT = 'a,b,s,y\n1,10,u,p\n2,,u,q\n3,30,v,p\n1,10,u,p\n5,50,w,q\n';
  const stepped = async (...steps: { kind: string; value: unknown }[]) => {
    const raw = await read(TEXT, { table: request({ rows: steps }) });
    return { ...table(raw), y: [...raw.y], ids: [...(raw.ids ?? raw.y.keys())] };
  };
  it('filter, derive, select', async () => {
    expect(
      await stepped(
        { kind: 'filter', value: 'a >= 2' },
        { kind: 'derive', value: { twice: 'a * 2', a: 'a + 0.5' } },
        { kind: 'select', value: ['twice', 'a', 'y'] },
      ),
    ).toEqual({ twice: [4, 6, 10], a: [2.5, 3.5, 5.5], y: [1, 0, 1], ids: [1, 2, 4] });
  });
  it('drop, rename', async () => {
    const found = await stepped(
      { kind: 'drop', value: ['b', 's'] },
      { kind: 'rename', value: { a: 'alpha' } },
    );
    expect(Object.keys(found)).toEqual(['alpha', 'y', 'ids']);
  });
  it('drop_duplicates keeps the first, drop_missing keeps whole rows', async () => {
    expect((await stepped({ kind: 'drop_duplicates', value: { columns: null } })).ids).toEqual([0, 1, 2, 4]);
    expect((await stepped({ kind: 'drop_duplicates', value: { columns: ['s'] } })).ids).toEqual([0, 2, 4]);
    expect((await stepped({ kind: 'drop_missing', value: { columns: null } })).ids).toEqual([0, 2, 3, 4]);
  });
  it('sample: as many as asked, the same each time, of each level alike', async () => {
    const sample = (value: object) =>
      stepped({ kind: 'sample', value: { fraction: null, count: null, stratify: null, ...value } });
    const four = await sample({ count: 4 });
    expect(four.ids).toHaveLength(4);
    expect(await sample({ count: 4 })).toEqual(four);
    expect((await sample({ fraction: 0.7 })).ids).toHaveLength(4);
    const found: Record<string, number[]> = await sample({ fraction: 0.5, stratify: 's' });
    expect([0, 1, 2].map((level) => found['s']!.filter((code) => code === level).length)).toEqual([2, 1, 1]);
  });
  it('label: the first rule that is true', async () => {
    const value = { column: 'k', rules: { "big 'n": 'b >= 30', mid: 'a >= 1' }, otherwise: null };
    const raw = await read(TEXT, { target: 'k', table: request({ rows: [{ kind: 'label', value }] }) });
    expect(raw.target).toEqual({ kind: 'class', classes: ["big 'n", 'mid'] });
    expect([...raw.y]).toEqual([1, 1, 0, 1, 0]);
    const none = { ...value, rules: { big: 'b >= 30' } };
    const error = await failure(() =>
      read(TEXT, { target: 'k', table: request({ rows: [{ kind: 'label', value: none }] }) }),
    );
    expect(error).toMatchObject({
      code: 'target-empty',
      message: 'row 1: the target `k` has no value (3 of 5 rows)',
    });
  });
  it('clip_outliers: to the limits given; what is missing stays missing', async () => {
    const found = await stepped({ kind: 'clip_outliers', value: { b: [15, 40], a: [null, 2.5] } });
    expect(found).toMatchObject({ a: [1, 2, 2.5, 1, 2.5], b: [15, Number.NaN, 30, 15, 40] });
  });
  it('aggregate: one row a group', async () => {
    const value = { group_by: ['s', 'y'], values: { n: 'count(*)', m: 'avg(b)' } };
    const found = await stepped({ kind: 'aggregate', value });
    expect(found).toMatchObject({ n: [2, 1, 1, 1], m: [10, Number.NaN, 30, 50], ids: [0, 1, 2, 4] });
  });
  it.each([
    [{ kind: 'drop', value: ['sss'] }, 'no-such-column'],
    [{ kind: 'filter', value: 'a > 100' }, 'no-rows'],
    [{ kind: 'filter', value: 'c > 1' }, 'expression'],
    [{ kind: 'derive', value: { x: 's + 1' } }, 'expression'],
    [{ kind: 'derive', value: { x: 'CAST(s AS DOUBLE)' } }, 'expression'],
    [{ kind: 'rename', value: { a: 'b' } }, 'column-name'],
    [{ kind: 'sample', value: { count: 9, fraction: null, stratify: null } }, 'sample'],
    [{ kind: 'aggregate', value: { group_by: ['s'], values: { s: 'count(*)' } } }, 'column-name'],
    [{ kind: 'label', value: { column: 'A', rules: { p: 'a > 1' }, otherwise: null } }, 'column-name'],
    [{ kind: 'label', value: { column: 'k', rules: { p: '(SELECT true)' }, otherwise: null } }, 'expression'],
    [{ kind: 'clip_outliers', value: { aa: [0, 1] } }, 'no-such-column'],
    [{ kind: 'clip_outliers', value: { s: [0, 1] } }, 'expression'],
  ])('%j is refused where it stands', async (step, code) => {
    const error = await failure(() => stepped(step));
    expect(error.code).toBe(code);
    expect(error.details.path?.slice(0, 4)).toEqual(['data', 'rows', 0, step.kind]);
  });
});
