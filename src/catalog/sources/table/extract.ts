import { configError, dataError } from '../../../errors.ts';
import { byValueThenText } from '../order.ts';
import type { Column, RawData, SourceContext, TableRequest, TargetShape } from '../source.ts';
import { type Database, identifier, literal } from './duckdb.ts';
import { keyColumn } from './keys.ts';
import type { TableColumn } from './kinds.ts';
import { nearest } from './nearest.ts';

const MOST_CLASSES = 1000;
/** Types that no number comes from. */
const UNUSABLE = /\[|STRUCT|MAP|UNION|BLOB|BIT|^TIME$|INTERVAL/;

type Read = Omit<RawData, 'files'>;

/** The finished table `t` as arrays: inputs, target and what the split goes by. @throws MlxError */
export async function extract(
  database: Database,
  columns: readonly TableColumn[],
  ctx: SourceContext,
  key: TableRequest['key'],
): Promise<Read> {
  const target = targetColumn(columns, ctx);
  const count = Number(await database.value('SELECT count(*) FROM t'));
  const keySql = key && (await keyColumn(database, columns, key, ctx.seed));
  const inputs = columns.filter(({ name }) => name !== target.name && name !== key?.column);
  if (inputs.length === 0)
    throw dataError('no-columns', 'the table has no column besides the target', {
      path: ['data', 'rows'],
      help: 'keep at least one input column',
    });
  await presentTarget(database, target, count);
  const shape = await targetShape(database, target, ctx);
  const read: { column: Column; sql: string }[] = [];
  for (const column of inputs) read.push(await inputColumn(database, column));
  const width = read.length;
  const x = new Float32Array(new SharedArrayBuffer(count * width * 4));
  const y = shape.target.kind === 'class' ? new Int32Array(count) : new Float32Array(count);
  const ids = new Uint32Array(count);
  const keys = keySql ? new Float64Array(count) : undefined;
  const list = [...read.map(({ sql }) => sql), shape.sql, '__row::DOUBLE', keySql ?? '0::DOUBLE'];
  await database.doubles(`SELECT ${list.join(', ')} FROM t ORDER BY __row`, (from, pieces, rows) => {
    for (let j = 0; j < width; j++) for (let i = 0; i < rows; i++) x[(from + i) * width + j] = pieces[j]![i]!;
    for (let i = 0; i < rows; i++) {
      y[from + i] = pieces[width]![i]!;
      ids[from + i] = pieces[width + 1]![i]!;
      if (keys) keys[from + i] = pieces[width + 2]![i]!;
    }
  });
  return { shape: [width], count, target: shape.target, x, y, ids, keys, columns: read.map((r) => r.column) };
}

function targetColumn(columns: readonly TableColumn[], { target }: SourceContext): TableColumn {
  const names = columns.map(({ name }) => name);
  const found = columns.find(({ name }) => name === target);
  if (found) return found;
  throw configError(
    'target-missing',
    target === undefined ? 'a table needs `data.target`' : `there is no column \`${target}\``,
    {
      path: ['data', 'target'],
      help: target === undefined ? nearest('', names) : nearest(target, names),
    },
  );
}

async function presentTarget(database: Database, { name }: TableColumn, count: number): Promise<void> {
  const c = identifier(name);
  const [row] = await database.rows(`SELECT count(*), min(__row) FROM t WHERE ${c} IS NULL`);
  const [missing, first] = row!.map(Number) as [number, number];
  if (missing === 0) return;
  throw dataError(
    'target-empty',
    `row ${first + 1}: the target \`${name}\` has no value (${missing} of ${count} rows)`,
    { path: ['data', 'target'], help: `add \`- drop_missing: { columns: [${name}] }\` to data.rows` },
  );
}

async function targetShape(
  database: Database,
  column: TableColumn,
  { task }: SourceContext,
): Promise<{ target: TargetShape; sql: string }> {
  const at = { path: ['data', 'target'] };
  const c = identifier(column.name);
  if (task === 'regression') {
    if (column.kind === 'number')
      return { target: { kind: 'number', columns: [column.name] }, sql: `${c}::DOUBLE` };
    throw dataError(
      'target-kind',
      `the target \`${column.name}\` is ${withArticle(column.kind)}; regression needs a number`,
      {
        ...at,
        help: 'set `task: classification`, or give `data.columns` the right kind',
      },
    );
  }
  const levels = await levelsOf(database, column);
  if (levels.length > MOST_CLASSES)
    throw dataError(
      'target-classes',
      `the target \`${column.name}\` has ${levels.length} different values, too many for classes`,
      {
        ...at,
        help: 'set `task: regression`, or derive classes from it in data.rows',
      },
    );
  if (levels.length < 2)
    throw dataError(
      'target-classes',
      `the target \`${column.name}\` is always ${levels[0]}: there is nothing to learn`,
      {
        ...at,
        help: 'name another target',
      },
    );
  const sql = await coded(database, column, levels);
  return { target: { kind: 'class', classes: levels }, sql };
}

/** Different values as text: numbers by value, then texts by code unit. */
async function levelsOf(database: Database, column: TableColumn): Promise<string[]> {
  const rows = await database.rows(
    `SELECT DISTINCT ${asText(column)} FROM t WHERE ${identifier(column.name)} IS NOT NULL`,
  );
  return rows.map((row) => String(row[0])).sort(byValueThenText);
}

/** Whole doubles without `.0`. */
function asText({ name, kind }: TableColumn): string {
  const c = identifier(name);
  if (kind !== 'number') return `${c}::VARCHAR`;
  return `CASE WHEN ${c} = floor(${c}) AND abs(${c}) < 9e15 THEN ${c}::BIGINT::VARCHAR ELSE ${c}::VARCHAR END`;
}

/** SQL for the index of a value in `levels`; missing stays NULL. */
async function coded(database: Database, column: TableColumn, levels: readonly string[]): Promise<string> {
  const type = `levels_${Number(await database.value("SELECT count(*) FROM duckdb_types() WHERE type_name LIKE 'levels_%'"))}`;
  await database.run(`CREATE TYPE ${type} AS ENUM (${levels.map(literal).join(', ')})`);
  return `enum_code((${asText(column)})::${type})::DOUBLE`;
}

/** Different texts of a column are held in memory, up to this many characters. */
const MOST_TEXT = 2 ** 28;

/** The different texts in the order in which they first stand there, and SQL for the index of a row's. */
async function textCodes(
  database: Database,
  { name }: TableColumn,
): Promise<{ levels: string[]; sql: string }> {
  const c = identifier(name);
  const held = Number(await database.value('SELECT count(*) FROM duckdb_tables()'));
  const texts = identifier(`texts_${held}`);
  await database.run(
    `CREATE TABLE ${texts} AS SELECT v, row_number() OVER (ORDER BY first) - 1 AS code
     FROM (SELECT ${c}::VARCHAR AS v, min(__row) AS first FROM t WHERE ${c} IS NOT NULL GROUP BY 1) ORDER BY code`,
  );
  const characters = Number(await database.value(`SELECT sum(length(v)) FROM ${texts}`));
  if (characters > MOST_TEXT)
    throw dataError(
      'column-text',
      `the column \`${name}\` has ${Math.round(characters / 1e6)} million characters of text; ${Math.round(MOST_TEXT / 1e6)} million can be read`,
      {
        path: ['data', 'rows'],
        help: `take fewer rows (\`- sample: 100000\`), or leave it out: \`- drop: [${name}]\``,
      },
    );
  const rows = await database.rows(`SELECT v FROM ${texts} ORDER BY code`);
  const sql = `(SELECT code FROM ${texts} WHERE v = ${c}::VARCHAR)::DOUBLE`;
  return { levels: rows.map((row) => String(row[0])), sql };
}

async function inputColumn(
  database: Database,
  column: TableColumn,
): Promise<{ column: Column; sql: string }> {
  const { name, type, kind } = column;
  const c = identifier(name);
  const at = { path: ['data', 'rows'] };
  if (UNUSABLE.test(type))
    throw dataError('column-type', `the column \`${name}\` is ${type}, which is no single value`, {
      ...at,
      help: `leave it out: \`- drop: [${name}]\``,
    });
  if (Number(await database.value(`SELECT count(${c}) FROM t`)) === 0)
    throw dataError('column-empty', `the column \`${name}\` has no value in any row`, {
      ...at,
      help: `leave it out: \`- drop: [${name}]\``,
    });
  const value = (sql: string) => `coalesce(${sql}, 'nan'::DOUBLE)`;
  if (kind === 'category') {
    const levels = await levelsOf(database, column);
    return { column: { name, kind, levels }, sql: value(await coded(database, column, levels)) };
  }
  if (kind === 'text') {
    const { levels, sql } = await textCodes(database, column);
    return { column: { name, kind, levels }, sql: value(sql) };
  }
  if (kind === 'date') return { column: { name, kind }, sql: value(`(epoch(${c}) / 86400)::DOUBLE`) };
  return { column: { name, kind }, sql: value(`${c}::DOUBLE`) };
}

const withArticle = (kind: string) => (kind === 'text' ? 'text' : `a ${kind}`);
