import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Misfit } from '../../../src/base/misfit.ts';
import { AGGREGATE_FUNCTIONS, SCALAR_FUNCTIONS } from '../../../src/readers/table/allowed-functions.ts';
import { Database } from '../../../src/readers/table/duckdb.ts';
import { checkedExpression } from '../../../src/readers/table/expression.ts';
import { folder } from '../helpers.ts';

let database: Database;
beforeAll(async () => {
  database = await Database.open('500MB');
  await database.run(
    "CREATE TABLE t AS SELECT 1 AS a, 2.5 AS b, 'x' AS s, DATE '2024-05-31' AS d, 0 AS __row",
  );
  await database.lock();
});
afterAll(() => database.close());

const COLUMNS = ['a', 'b', 's', 'd'];
const check = (text: string, aggregates = false) =>
  checkedExpression(database, text, COLUMNS, { aggregates });
const value = async (text: string) => database.value(`SELECT ${await check(text)} FROM t`);
async function refused(text: string, aggregates = false): Promise<Misfit | undefined> {
  try {
    await check(text, aggregates);
    return undefined;
  } catch (error) {
    if (error instanceof Misfit) return error;
    throw error;
  }
}

describe('what an expression may be', () => {
  it.each([
    ['a + 1', 2],
    ['a / 2', 0.5],
    ["b > 2 AND s = 'x'", true],
    ["CASE WHEN a = 1 THEN 'one' ELSE 'more' END", 'one'],
    ['a BETWEEN 0 AND 1', true],
    ["s IN ('x', 'y')", true],
    ["s LIKE 'x%'", true],
    ['NOT (a IS NULL)', true],
    ['year(d) * 100 + month(d)', 202405],
    ["d > DATE '2024-01-01' - INTERVAL 1 MONTH", true],
    ['try_cast(s AS DOUBLE) IS NULL', true],
    ['coalesce(NULL, round(b, 0))', 3],
    ["regexp_matches(s, '[a-z]')", true],
    ['"A" + 1 -- a remark', 2],
  ])('%s', async (text, expected) => {
    const found = await value(text);
    expect(typeof found === 'bigint' ? Number(found) : found).toEqual(expected);
  });

  it('aggregates where groups are, and nowhere else', async () => {
    expect(await check('avg(b) FILTER (WHERE a > 0)', true)).toContain('avg');
    expect(await check('count(*)', true)).toBe('count_star()');
    expect((await refused('avg(b)'))?.help).toContain('aggregate');
  });

  it('says what was probably meant', async () => {
    expect(await refused('A + bb')).toMatchObject({ code: 'expression', help: 'rename it to `b`' });
  });

  it('every function on the list is one of this build', async () => {
    const known = new Set(
      (await database.rows('SELECT DISTINCT function_name FROM duckdb_functions()')).map((row) =>
        String(row[0]),
      ),
    );
    // Forms of the grammar, which the parser turns into operators or functions.
    const grammar = new Set([
      'count_star',
      'coalesce',
      'nullif',
      'if',
      'ifnull',
      'position',
      '!~~',
      '!~~*',
      '~',
    ]);
    const strange = [...SCALAR_FUNCTIONS, ...AGGREGATE_FUNCTIONS].filter(
      (n) => !known.has(n) && !grammar.has(n),
    );
    expect(strange).toEqual([]);
  });
});

describe('what it may not be', () => {
  it.each([
    '(SELECT 1)',
    'EXISTS (SELECT 1)',
    'a IN (SELECT 1)',
    '*',
    'COLUMNS(*)',
    't',
    't.a',
    'main.t.a',
    'a[1]',
    "1) FROM read_csv('/etc/passwd') WHERE (1",
    '1), (2',
    '1) AS (x',
    '1); DROP TABLE t; SELECT (1',
    '1) UNION SELECT (2',
    'sum(a) OVER ()',
    'list_filter([1], x -> x > 0)',
    '[1, 2]',
    "{'a': 1}",
    '$1',
    '?',
    'current_date',
    'current_user',
    'now()',
    'random()',
    'uuid()',
    "getenv('HOME')",
    "current_setting('threads')",
    "read_text('/etc/passwd')",
    "nextval('s')",
    'repeat(s, 1000000000)',
    'range(1000000000)',
    'lpad(s, 1000000000, s)',
    'pg_catalog.abs(a)',
    'system.main.abs(a)',
    's COLLATE nocase',
    'a::STRUCT(x INTEGER)',
    'CAST(s AS JSON)',
    'DEFAULT',
    '__row',
    'avg(avg(b)) OVER ()',
    '',
    ' ',
    'a b c',
    'a; b',
    'SELECT a',
    'a\0b',
    `${'('.repeat(5000)}a${')'.repeat(5000)}`,
    `${'a + '.repeat(2000)}a`,
    'a'.repeat(20_000),
  ])('%j', async (text) => {
    expect((await refused(text))?.code).toBe('expression');
    expect((await refused(text, true))?.code).toBe('expression');
  });

  it('a table function of the build, in any place', async () => {
    const names = (
      await database.rows(
        "SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type IN ('table', 'pragma', 'table_macro')",
      )
    ).map((row) => String(row[0]));
    expect(names.length).toBeGreaterThan(80);
    const passed: string[] = [];
    for (const name of names) {
      // The operators `+`-like names aside, each is called bare, with a text, and as a table.
      const call = `"${name}"`;
      for (const text of [
        `${call}()`,
        `${call}('x')`,
        `${call}(a, s)`,
        `(FROM ${call}('x'))`,
        `1) FROM ${call}('x') WHERE (1`,
      ])
        if (!SCALAR_FUNCTIONS.has(name) && !(await refused(text, true))) passed.push(text);
    }
    expect(passed).toEqual([]);
  });

  it('the locked database refuses files, settings and logs by itself', async () => {
    const out = join(folder(), 'out.csv');
    for (const sql of [
      "SELECT * FROM read_text('/etc/hostname')",
      "SELECT * FROM '/etc/hostname'",
      `COPY t TO '${out}'`,
      "ATTACH '/tmp/x.db'",
      'INSTALL httpfs',
      'LOAD httpfs',
      'SET enable_external_access = true',
      'SET lock_configuration = false',
      "SET temp_directory = '/tmp'",
      "EXPORT DATABASE '/tmp/x'",
    ])
      await expect(database.run(sql), sql).rejects.toThrow();
    expect(existsSync(out)).toBe(false);
  });

  it('a database that may still read its files refuses all others, and settings, and logs', async () => {
    const path = folder();
    const [data, secret, out] = ['data.csv', 'secret.csv', 'out.csv'].map((name) => join(path, name));
    for (const file of [data!, secret!]) writeFileSync(file, 'a\n1\n');
    const large = await Database.open('500MB');
    try {
      await large.run(`CREATE VIEW t AS SELECT * FROM read_csv('${data}')`);
      await large.lock({ files: [data!], spill: join(path, 'spill') });
      expect(await large.value('SELECT a FROM t')).toBe(1n);
      for (const sql of [
        `SELECT * FROM read_csv('${secret}')`,
        `SELECT * FROM read_text('${path}/*')`,
        `SELECT * FROM glob('${path}/*')`,
        "SELECT * FROM read_text('/etc/hostname')",
        `COPY t TO '${out}'`,
        `ATTACH '${path}/x.db'`,
        'INSTALL httpfs',
        'LOAD httpfs',
        'SET enable_external_access = true',
        "SET allowed_paths = ['/etc/hostname']",
        "SET allowed_directories = ['/']",
        "SET temp_directory = '/tmp'",
        'SET lock_configuration = false',
        'SET threads = 8',
        `EXPORT DATABASE '${path}/y'`,
      ])
        await expect(large.run(sql), sql).rejects.toThrow();
      for (const text of [`read_text('${data}')`, `(SELECT a FROM read_csv('${data}'))`, `'${data}'.a`])
        await expect(checkedExpression(large, text, ['a']), text).rejects.toThrow(Misfit);
      expect(readdirSync(path).sort()).toEqual(['data.csv', 'secret.csv']);
    } finally {
      large.close();
    }
  });

  it('never crashes, whatever the text is', async () => {
    const pieces = [
      'a',
      '(',
      ')',
      '1',
      "'",
      '"',
      ',',
      'SELECT',
      'FROM',
      ';',
      '--',
      '/*',
      '*',
      '::',
      '[',
      '{',
      '$',
      ' ',
      '\n',
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), async (parts) => {
        const error = await refused(parts.join(''), true);
        if (!error)
          await database.value(`SELECT typeof(${await check(parts.join(''), true)}) FROM t`).catch(() => 0);
      }),
      { numRuns: 150 },
    );
  });
});
