import { byValueThenText } from '../../base/value-order.ts';
import { dataError } from '../../errors.ts';
import type { TableColumn } from './column-kinds.ts';
import type { Database } from './duckdb.ts';
import { asText, levelsOf } from './levels.ts';
import { presentTarget } from './present-target.ts';
import { identifier, literal } from './sql-text.ts';
import type { Target } from './target-columns.ts';

const MOST_LABELS = 1000;
const AT = { path: ['data', 'target'] };

/**
 * One label for each column of two values; a row has the label where the value is the second one, by value or
 * alphabet.
 */
export async function labelColumns(database: Database, columns: readonly TableColumn[]): Promise<Target> {
  refuseMany(columns.length, 'columns');
  const sql: string[] = [];
  let count = 0;
  for (const column of columns) {
    const { name } = column;
    const found = await levelsOf(database, column);
    count = found.count;
    await presentTarget(database, column, found.missing, count);
    if (found.levels.length < 2)
      throw dataError(
        'target-labels',
        `the label \`${name}\` is always ${found.levels[0]}: there is nothing to learn`,
        {
          ...AT,
          help: 'leave it out of `target`',
        },
      );
    if (found.levels.length > 2) {
      const some = found.levels.slice(0, 3).join(', ');
      throw dataError(
        'target-labels',
        `the label \`${name}\` has ${found.levels.length} different values (${some}${found.levels.length > 3 ? ', …' : ''}); a label has two`,
        {
          ...AT,
          help: `derive a column that says yes or no, such as \`- derive: { ${name}: "${name} > 0" }\`, or choose another task`,
        },
      );
    }
    sql.push(`(${asText(column)} = ${literal(found.levels[1]!)})::DOUBLE`);
  }
  return { target: { kind: 'labels', labels: columns.map(({ name }) => name) }, holds: 'flags', sql, count };
}

/**
 * One label for each distinct part of the column's texts, without spaces around it, as scikit-learn's
 * MultiLabelBinarizer does.
 */
export async function labelTexts(
  database: Database,
  column: TableColumn,
  separator: string,
): Promise<Target> {
  const { name } = column;
  const text = asText(column);
  const c = identifier(name);
  const [row] = await database.rows(`SELECT count(*), count(${c}) FROM t`);
  const [count, present] = row!.map(Number) as [number, number];
  await presentTarget(
    database,
    column,
    count - present,
    count,
    `; where it means that a row has no label, \`- derive: { ${name}: "coalesce(${name}, '')" }\``,
  );
  const parts = `[trim(part) for part in string_split(${text}, ${literal(separator)})]`;
  const found = await database.rows(`SELECT DISTINCT unnest(${parts}) FROM t`);
  const labels = found.map(([label]) => String(label)).filter((label) => label !== '');
  if (labels.length < 2)
    throw dataError(
      'target-labels',
      `the target \`${name}\` has ${labels.length === 1 ? `one label, ${labels[0]}` : 'no label'}; labels are two or more`,
      { ...AT, help: `separated by ${JSON.stringify(separator)}: is that what stands between them?` },
    );
  refuseMany(labels.length, 'labels');
  labels.sort(byValueThenText);
  const sql = labels.map((label) => `list_contains(${parts}, ${literal(label)})::DOUBLE`);
  const [every] = await database.rows(`SELECT ${sql.map((one) => `sum(${one})`).join(', ')} FROM t`);
  const always = labels.find((_, k) => Number(every![k]) === count);
  if (always !== undefined)
    throw dataError('target-labels', `every row has the label ${always}: there is nothing to learn`, {
      ...AT,
      help: 'take it out of the texts by `derive` in data.rows',
    });
  return { target: { kind: 'labels', labels }, holds: 'flags', sql, count };
}

function refuseMany(count: number, what: string): void {
  if (count > MOST_LABELS)
    throw dataError(
      'target-labels',
      `the target has ${count} ${what}; ${MOST_LABELS} labels can be learned`,
      {
        ...AT,
        help: 'keep the frequent ones',
      },
    );
}
