import { configError, dataError } from '../../errors.ts';
import { outputNames } from '../../protocol/target.ts';
import type { Targets } from '../raw-data.ts';
import type { SourceContext } from '../source-context.ts';
import type { TableColumn } from './column-kinds.ts';
import type { Database } from './duckdb.ts';
import { labelColumns, labelTexts } from './labels.ts';
import { coded, levelsOf } from './levels.ts';
import { nearest } from './nearest.ts';
import { presentTarget } from './present-target.ts';
import { identifier } from './sql-text.ts';
import type { Target } from './target-columns.ts';

const MOST_CLASSES = 1000;

/** An array for the targets of all rows, in shared memory. */
export function targetValues({ target, holds, count, sql }: Target, held: number): Targets {
  const shared = (bytes: number) => new SharedArrayBuffer(bytes * count);
  if (holds === 'flags') return new Uint8Array(shared(sql.length));
  if (holds === 'numbers') return new Float32Array(shared(4));
  const many = 4 * count > held / 16 && outputNames(target).length <= 256;
  return many ? new Uint8Array(shared(1)) : new Int32Array(shared(4));
}

/** The columns that are the target, and so no inputs. @throws MlxError `target-missing` */
export function targetColumns(columns: readonly TableColumn[], { target, labels }: SourceContext): string[] {
  const wanted = labels ? ('columns' in labels ? labels.columns : [labels.column]) : [target];
  return wanted.map((name) => known(columns, name).name);
}

function known(columns: readonly TableColumn[], target: string | undefined): TableColumn {
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

/** The target and the number of rows, from one query. */
export async function readTarget(
  database: Database,
  columns: readonly TableColumn[],
  { task, numeric, target, labels }: SourceContext,
): Promise<Target> {
  if (labels && 'columns' in labels)
    return labelColumns(
      database,
      labels.columns.map((name) => known(columns, name)),
    );
  if (labels) return labelTexts(database, known(columns, labels.column), labels.separator);
  const column = known(columns, target);
  const at = { path: ['data', 'target'] };
  const c = identifier(column.name);
  if (numeric) {
    if (column.kind !== 'number')
      throw dataError(
        'target-kind',
        `the target \`${column.name}\` is ${withArticle(column.kind)}; ${task} needs a number`,
        {
          ...at,
          help: 'set `task: classification`, or give `data.columns` the right kind',
        },
      );
    const [row] = await database.rows(`SELECT count(*), count(${c}) FROM t`);
    const [count, present] = row!.map(Number) as [number, number];
    await presentTarget(database, column, count - present, count);
    return {
      target: { kind: 'number', columns: [column.name] },
      holds: 'numbers',
      sql: [`${c}::DOUBLE`],
      count,
    };
  }
  const { levels, missing, count } = await levelsOf(database, column);
  await presentTarget(database, column, missing, count);
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
  const sql = [await coded(database, column, levels)];
  return { target: { kind: 'class', classes: levels }, holds: 'codes', sql, count };
}

const withArticle = (kind: string) => (kind === 'text' ? 'text' : `a ${kind}`);
