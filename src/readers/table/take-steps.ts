import { Misfit } from '../../base/misfit.ts';
import { configError, dataError, MlxError } from '../../errors.ts';
import type { TableRequest } from '../source-context.ts';
import { kindOf, type TableColumn } from './column-kinds.ts';
import { type Database, reason } from './duckdb.ts';
import { checkedExpression } from './expression.ts';
import { nearest } from './nearest.ts';
import type { RowSteps, RowTable } from './row-step.ts';

type Step = TableRequest['rows'][number];
/** Columns of the second tables by step; `second<i>_s1` holds their rows. */
type Seconds = ReadonlyMap<number, readonly TableColumn[]>;

/** The relation after some steps: `s0` has the files' rows, `s1` those rows with types. */
const relation = (steps: number) => `s${steps + 1}`;
const pathOf = (i: number, kind: string, field?: string) => [
  'data',
  'rows',
  i,
  kind,
  ...(field === undefined ? [] : [field]),
];

/**
 * Takes the steps of `data.rows` and names the result `t`. A step that looks at one row at a time is a view,
 * so that all of them and the extraction are one pass over the data; a step that needs many rows is computed
 * here.
 * @throws MlxError with the step's path
 */
export async function takeSteps(
  database: Database,
  typed: readonly TableColumn[],
  steps: readonly Step[],
  rowSteps: RowSteps,
  seed: number,
  seconds: Seconds = new Map(),
): Promise<TableColumn[]> {
  let columns = [...typed];
  for (const i of steps.keys())
    columns = await takeStep(database, columns, steps, rowSteps, i, seed, seconds.get(i));
  await database.run(`CREATE VIEW t AS SELECT * FROM ${relation(steps.length)}`);
  return columns;
}

async function takeStep(
  database: Database,
  before: readonly TableColumn[],
  steps: readonly Step[],
  rowSteps: RowSteps,
  i: number,
  seed: number,
  second?: readonly TableColumn[],
): Promise<TableColumn[]> {
  const { kind, value } = steps[i]!;
  const entry = rowSteps.get(kind)!;
  const names = before.map(({ name }) => name);
  const [from, to] = [relation(i), relation(i + 1)];
  const other = second ? `, other AS NOT MATERIALIZED (SELECT * FROM second${i}_s1)` : '';
  const tables = `WITH t AS NOT MATERIALIZED (SELECT * FROM ${from})${other}`;
  try {
    const sql = await entry.sql(value, {
      columns: names,
      rows: async () => Number(await database.value(`SELECT count(*) FROM ${from}`)),
      seed,
      expression: (text, options) => checkedExpression(database, text, names, options),
      known: (wanted) => assertKnown(wanted, names),
      kind: (name) => before.find((column) => column.name === name)!.kind,
      query: (text) => database.rows(`${tables} ${text}`),
      ...(second && { second: secondTable(second) }),
    });
    const stepped = `${tables} SELECT * FROM (${sql})`;
    await database.run(
      entry.whole ? `CREATE TABLE ${to} AS ${stepped} ORDER BY __row` : `CREATE VIEW ${to} AS ${stepped}`,
    );
  } catch (error) {
    throw (await earlierFailure(database, steps.slice(0, i), error)) ?? atStep(error, i, kind);
  }
  const after = await database.rows(`DESCRIBE ${to}`);
  // A column that only moved or was renamed keeps its kind.
  const renamed = entry.renames?.(value) ?? {};
  const was = new Map(before.map((c) => [Object.hasOwn(renamed, c.name) ? renamed[c.name]! : c.name, c]));
  const prefix = entry.second?.(value).prefix ?? '';
  const joined = new Map(second?.map((c) => [prefix + c.name, c]));
  const computed = new Set(entry.computes?.(value));
  return after
    .map((row) => ({ name: String(row[0]), type: String(row[1]) }))
    .filter(({ name }) => name !== '__row')
    .map(({ name, type }) => ({
      name,
      type,
      kind: (computed.has(name) ? undefined : (was.get(name) ?? joined.get(name))?.kind) ?? kindOf(type),
    }));
}

function assertKnown(wanted: readonly string[], names: readonly string[], of = '', field?: string): void {
  for (const name of wanted)
    if (!names.includes(name))
      throw new Misfit('no-such-column', `there is no column \`${name}\`${of}`, {
        help: nearest(name, names),
        field,
      });
}

function secondTable(columns: readonly TableColumn[]): NonNullable<RowTable['second']> {
  const names = columns.map(({ name }) => name);
  return {
    columns,
    known: (wanted, field) => assertKnown(wanted, names, ' in the second table', field),
    kind: (name) => columns.find((column) => column.name === name)!.kind,
  };
}

function atStep(error: unknown, i: number, kind: string): MlxError {
  if (error instanceof MlxError) return error;
  if (error instanceof Misfit)
    return configError(error.code, error.message, { path: pathOf(i, kind, error.field), help: error.help });
  return configError('expression', `\`${kind}\`: ${reason(error)}`, {
    path: pathOf(i, kind),
    help: 'mend the expression; `try_cast(x as double)` gives no value where a cast fails',
    cause: error,
  });
}

/**
 * Finds the step whose expression fails. Views are computed late, so the error may show up elsewhere: this
 * computes the values of each step in turn.
 * @returns the error of the first step that fails; what `files` makes of it where the rows before all steps
 * fail
 */
export async function earlierFailure(
  database: Database,
  steps: readonly Step[],
  error: unknown,
  files?: (error: unknown) => MlxError,
): Promise<MlxError | undefined> {
  if (error instanceof MlxError || error instanceof Misfit) return undefined;
  for (let i = 0; i <= steps.length; i++)
    try {
      await database.value(`SELECT count(COLUMNS(*)) FROM ${relation(i)}`);
    } catch (found) {
      if (i > 0) return atStep(found, i - 1, steps[i - 1]!.kind);
      return files?.(found);
    }
  return undefined;
}

/**
 * Refuses an empty table, and names the first step that leaves no rows.
 * @throws MlxError `no-rows`, `data-empty`
 */
export async function refuseEmpty(database: Database, steps: readonly Step[], files: string): Promise<void> {
  const isEmpty = async (i: number) =>
    (await database.rows(`SELECT 1 FROM ${relation(i)} LIMIT 1`)).length === 0;
  if (!(await isEmpty(steps.length))) return;
  for (let i = 0; i <= steps.length; i++) {
    if (!(await isEmpty(i))) continue;
    if (i === 0)
      throw dataError('data-empty', `${files} has no rows`, {
        path: ['data', 'source', 'path'],
        help: 'name a file that has rows below its header',
      });
    const { kind } = steps[i - 1]!;
    throw dataError('no-rows', `\`${kind}\` leaves no rows`, {
      path: pathOf(i - 1, kind),
      help: 'loosen it',
    });
  }
}
