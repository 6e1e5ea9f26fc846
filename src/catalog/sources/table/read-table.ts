import { configError, dataError, MlxError } from '../../../errors.ts';
import { Misfit } from '../../entry.ts';
import { rowSteps } from '../../rows/index.ts';
import type { RawData, SourceContext, TableRequest } from '../source.ts';
import { Database, reason } from './duckdb.ts';
import { checkedExpression } from './expression.ts';
import { extract } from './extract.ts';
import { findFiles, fingerprintFile } from './find-files.ts';
import { kindOf, type TableColumn, typeColumns } from './kinds.ts';
import type { Load, TableParams } from './load.ts';
import { nearest } from './nearest.ts';

const NOTHING: TableRequest = { rows: [], columns: {} };

/**
 * Files to examples: load, lock the database, give kinds, take the steps of `data.rows`, hand out numbers.
 * @throws MlxError with exit code 3 for the data, 2 with a path for the config
 */
export async function readTable(params: TableParams, ctx: SourceContext, load: Load): Promise<RawData> {
  const request = ctx.table ?? NOTHING;
  const found = findFiles(params.path, ctx.folder);
  const files = [];
  for (const file of found) files.push(await fingerprintFile(file));
  const database = await Database.open(params.memory);
  try {
    await load(database, found, params);
    await database.lock();
    let columns = await typeColumns(database, request.columns, params.missing);
    if ((await count(database)) === 0)
      throw dataError('data-empty', `${params.path} has no rows`, {
        path: ['data', 'source', 'path'],
        help: 'name a file that has rows below its header',
      });
    for (const [i, step] of request.rows.entries()) {
      columns = await takeStep(database, columns, step, i, ctx.seed);
      if ((await count(database)) === 0)
        throw dataError('no-rows', `\`${step.kind}\` leaves no rows`, {
          path: ['data', 'rows', i, step.kind],
          help: 'loosen it',
        });
    }
    return { ...(await extract(database, columns, ctx, request.key)), files };
  } finally {
    database.close();
  }
}

const count = async (database: Database) => Number(await database.value('SELECT count(*) FROM t'));

async function takeStep(
  database: Database,
  before: readonly TableColumn[],
  { kind, value }: TableRequest['rows'][number],
  i: number,
  seed: number,
): Promise<TableColumn[]> {
  const entry = rowSteps.get(kind)!;
  const path = (field?: string) => ['data', 'rows', i, kind, ...(field === undefined ? [] : [field])];
  const names = before.map(({ name }) => name);
  try {
    const sql = await entry.sql(value, {
      columns: names,
      rows: await count(database),
      seed,
      expression: (text, options) => checkedExpression(database, text, names, options),
      known(wanted) {
        for (const name of wanted)
          if (!names.includes(name))
            throw new Misfit('no-such-column', `there is no column \`${name}\``, {
              help: nearest(name, names),
            });
      },
    });
    await database.run(`CREATE TABLE stepped AS SELECT * FROM (${sql}) ORDER BY __row`);
    await database.run('DROP TABLE t');
    await database.run('ALTER TABLE stepped RENAME TO t');
  } catch (error) {
    if (error instanceof MlxError) throw error;
    if (error instanceof Misfit)
      throw configError(error.code, error.message, { path: path(error.field), help: error.help });
    throw configError('expression', `\`${kind}\`: ${reason(error)}`, {
      path: path(),
      help: 'mend the expression; `try_cast(x as double)` gives no value where a cast fails',
      cause: error,
    });
  }
  const after = await database.rows('DESCRIBE t');
  // A column that only moved or got another name keeps the kind that was found for it.
  const renamed = kind === 'rename' ? (value as Readonly<Record<string, string>>) : {};
  const was = new Map(before.map((c) => [Object.hasOwn(renamed, c.name) ? renamed[c.name]! : c.name, c]));
  const derived = kind === 'derive' ? new Set(Object.keys(value as object)) : new Set<string>();
  return after
    .map((row) => ({ name: String(row[0]), type: String(row[1]) }))
    .filter(({ name }) => name !== '__row')
    .map(({ name, type }) => ({
      name,
      type,
      kind: (derived.has(name) ? undefined : was.get(name)?.kind) ?? kindOf(type),
    }));
}
