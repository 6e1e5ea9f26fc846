import { dataError, invariant } from '../../errors.ts';
import { DoubleSink, HELD_IN_MEMORY, NumberSink } from '../files/number-file.ts';
import type { Scratch } from '../files/scratch.ts';
import type { Column, RawData } from '../raw-data.ts';
import type { SourceContext, TableRequest } from '../source-context.ts';
import type { TableColumn } from './column-kinds.ts';
import type { Database } from './duckdb.ts';
import { keyColumn } from './keys.ts';
import { coded, levelsOf } from './levels.ts';
import { identifier } from './sql-text.ts';
import { readTarget, targetColumns, targetValues } from './target.ts';

/** Types that can't become a number. */
const UNUSABLE = /\[|STRUCT|MAP|UNION|BLOB|BIT|^TIME$|INTERVAL/;

type Read = Omit<RawData, 'files'>;

/** The finished table `t` as arrays: inputs, target and the key of the split. @throws MlxError */
export async function extract(
  database: Database,
  columns: readonly TableColumn[],
  ctx: SourceContext,
  key: TableRequest['key'],
  scratch: Scratch,
  held = ctx.limits?.held ?? HELD_IN_MEMORY,
): Promise<Read> {
  const target = targetColumns(columns, ctx);
  const keySql = key && (await keyColumn(database, columns, key, ctx.seed));
  const inputs = columns.filter(({ name }) => !target.includes(name) && name !== key?.column);
  if (inputs.length === 0)
    throw dataError('no-columns', 'the table has no column besides the target', {
      path: ['data', 'rows'],
      help: 'keep at least one input column',
    });
  const found = await readTarget(database, columns, ctx);
  const { count } = found;
  const read: InputColumn[] = [];
  for (const column of inputs) read.push(await inputColumn(database, column));
  const width = read.length;
  const targets = found.sql.length;
  const y = targetValues(found, ctx.limits?.held ?? HELD_IN_MEMORY);
  // Keys are read twice and then dropped, so they get less memory.
  const keys = keySql === undefined ? undefined : new DoubleSink(count, scratch, held / 2);
  const ids = new Ids(count);
  const sink = new NumberSink(count * width, scratch, held);
  const present = new Uint8Array(width);
  try {
    const list = [...read.map(({ sql }) => sql), ...found.sql, '__row::DOUBLE', ...(keySql ? [keySql] : [])];
    // Ranks and joins may change the order of rows; nothing else does.
    const mixed = key?.use === 'group' || inputs.some(({ kind }) => kind === 'text');
    const sql = `SELECT ${list.join(', ')} FROM t${mixed ? ' ORDER BY __row' : ''}`;
    await database.doubles(sql, (from, pieces, rows) => {
      const block = sink.next(rows * width);
      for (let j = 0; j < width; j++) present[j]! |= Number(place(pieces[j]!, block, j, width, rows));
      found.sql.forEach((_, k) => {
        const [target, first] = [pieces[width + k]!, from * targets];
        for (let i = 0; i < rows; i++) y[first + i * targets + k] = target[i]!;
      });
      const [row, key] = pieces.slice(width + targets) as [Float64Array, Float64Array];
      ids.add(from, row, rows);
      if (keys) keys.next(rows).set(key.subarray(0, rows));
    });
    refuseAbsent(inputs.filter((_, j) => !present[j]));
  } catch (error) {
    sink.discard();
    keys?.discard();
    throw error;
  }
  const values = sink.finish();
  return {
    shape: [width],
    count,
    target: found.target,
    ...('handle' in values ? { x: new Float32Array(), file: values } : { x: values }),
    y,
    ids: ids.finish(),
    ...(keys && { keys: keys.finish() }),
    columns: read.map((r) => r.column),
  };
}

/** Copies one column of a piece into the rows of the block; returns whether it has any value. */
function place(
  values: ArrayLike<number>,
  block: Float32Array,
  j: number,
  width: number,
  rows: number,
): boolean {
  let any = false;
  for (let i = 0, to = j; i < rows; i++, to += width) {
    const value = values[i]!;
    block[to] = value;
    any ||= !Number.isNaN(value);
  }
  return any;
}

/** The source's row numbers; nothing is stored while they are 0, 1, 2, … */
class Ids {
  private list: Uint32Array | undefined;
  private last = -1;
  constructor(private readonly count: number) {}

  add(from: number, rows: ArrayLike<number>, count: number): void {
    for (let i = 0; i < count; i++) {
      invariant(rows[i]! > this.last, 'rows come in the order of the source');
      this.last = rows[i]!;
      if (!this.list && rows[i] !== from + i) {
        this.list = new Uint32Array(this.count);
        for (let k = 0; k < from + i; k++) this.list[k] = k;
      }
      if (this.list) this.list[from + i] = rows[i]!;
    }
  }

  finish(): Uint32Array | undefined {
    return this.list;
  }
}

function refuseAbsent([first]: readonly TableColumn[]): void {
  if (!first) return;
  throw dataError('column-empty', `the column \`${first.name}\` has no value in any row`, {
    path: ['data', 'rows'],
    help: `leave it out: \`- drop: [${first.name}]\``,
  });
}

/** The most characters of a column's distinct texts, which are held in memory. */
const MOST_TEXT = 2 ** 28;

/** The distinct texts in order of first appearance, and SQL for the index of a row's text. */
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

interface InputColumn {
  readonly column: Column;
  /** Its values as doubles, NaN where there is none. */
  readonly sql: string;
}

async function inputColumn(database: Database, column: TableColumn): Promise<InputColumn> {
  const { name, type, kind } = column;
  const c = identifier(name);
  const at = { path: ['data', 'rows'] };
  if (UNUSABLE.test(type))
    throw dataError('column-type', `the column \`${name}\` is ${type}, which is no single value`, {
      ...at,
      help: `leave it out: \`- drop: [${name}]\``,
    });
  const value = (sql: string) => `coalesce(${sql}, 'nan'::DOUBLE)`;
  if (kind === 'category') {
    const { levels } = await levelsOf(database, column);
    if (levels.length === 0) refuseAbsent([column]);
    return { column: { name, kind, levels }, sql: value(await coded(database, column, levels)) };
  }
  if (kind === 'text') {
    const { levels, sql } = await textCodes(database, column);
    return { column: { name, kind, levels }, sql: value(sql) };
  }
  if (kind === 'date') return { column: { name, kind }, sql: value(`(epoch(${c}) / 86400)::DOUBLE`) };
  return { column: { name, kind }, sql: value(`${c}::DOUBLE`) };
}
