import { formOf } from '../catalog/tasks/index.ts';
import { dataError } from '../errors.ts';
import type { Column, RawData } from '../readers/raw-data.ts';

import { labelCounts } from './label-counts.ts';

const named = (name: string) => `\`${name}\``;

/**
 * Checks that every class of a table has a training row, since others can't be learned.
 * @throws MlxError `class-absent`, `label-constant`
 */
export function checkTraining({ columns, target, y }: RawData, train: Uint32Array): void {
  if (!columns) return;
  const form = formOf(target);
  const labels = form.labels(target);
  if (labels) checkLabels(labels, y, train);
  const classes = form.classes(target);
  if (!classes) return;
  const seen = new Uint8Array(classes.length);
  for (const row of train) seen[y[row]!] = 1;
  const absent = classes.filter((_, i) => !seen[i]);
  if (absent.length === 0) return;
  throw dataError(
    'class-absent',
    `no training row is of class ${absent.slice(0, 5).join(', ')}${absent.length > 5 ? ', …' : ''}: it can't be learned`,
    {
      path: ['data', 'split'],
      help: 'give training a larger share, or `filter` the class out in data.rows',
    },
  );
}

/** Checks that training has rows with and without each label. @throws MlxError `label-constant` */
function checkLabels(labels: readonly string[], y: RawData['y'], train: Uint32Array): void {
  const counts = labelCounts(y, labels.length, train);
  const refuse = (which: readonly string[], has: string) => {
    if (which.length === 0) return;
    const some = `${which.slice(0, 5).join(', ')}${which.length > 5 ? ', …' : ''}`;
    throw dataError('label-constant', `${has} training row has the label ${some}: it can't be learned`, {
      path: ['data', 'split'],
      help: 'give training a larger share, draw other rows (`data.seed`), or leave the label out of the target',
    });
  };
  refuse(
    labels.filter((_, k) => counts[k] === 0),
    'no',
  );
  refuse(
    labels.filter((_, k) => counts[k] === train.length),
    'every',
  );
}

/** Checks that everything that reaches the network is a number. @throws MlxError `not-numeric` */
export function checkColumns(columns: readonly Column[] | undefined): void {
  const wrong = columns?.filter(({ kind }) => kind === 'category' || kind === 'text') ?? [];
  if (wrong.length === 0) return;
  const texts = wrong.filter(({ kind }) => kind === 'text');
  if (texts.length > 0) {
    const [{ name, levels = [] }] = texts as [Column];
    throw dataError(
      'not-numeric',
      `${texts.map((c) => named(c.name)).join(', ')}: ${texts.length === 1 ? `text, ${levels.length} different values` : 'texts'}; the network needs numbers`,
      {
        path: ['data', 'features'],
        help: `count words with \`- vectorize: tf_idf\` in data.features; or leave it out: \`- drop: [${name}]\` in data.rows; or take its values as names of categories: \`columns: { ${name}: category }\``,
      },
    );
  }
  const [{ name, levels = [] }] = wrong as [Column];
  const examples = levels.slice(0, 3).join(', ');
  throw dataError(
    'not-numeric',
    wrong.length === 1
      ? `\`${name}\` is a category (${examples}${levels.length > 3 ? ', …' : ''}); the network needs numbers`
      : `${wrong.map((c) => named(c.name)).join(', ')} are categories; the network needs numbers`,
    { path: ['data', 'features'], help: 'add `- encode: one_hot` to data.features' },
  );
}

/**
 * Checks that no value is NaN or infinite.
 * @throws MlxError `missing-values`, `too-large` with the row and the column
 */
export function checkFinite(
  values: Float32Array,
  columns: readonly Column[],
  at: { readonly part: string; readonly count: number; row(i: number): number },
): void {
  let found = 0;
  // x - x is 0 only for a finite number.
  while (found < values.length && values[found]! - values[found]! === 0) found++;
  if (found === values.length) return;
  const width = columns.length;
  const where = `row ${at.row(Math.floor(found / width)) + 1} (${at.part})`;
  const column = named(columns[found % width]!.name);
  if (Number.isNaN(values[found]))
    throw dataError('missing-values', `${where}: ${column} has no value`, {
      path: ['data', 'features'],
      help: 'add `- impute: { numeric: median, categorical: most_frequent }` to data.features, or `- drop_missing` to data.rows',
      notes: [`${at.count} rows in all`],
    });
  throw dataError('too-large', `${where}: ${column} is larger than a float32 can hold`, {
    path: ['data', 'features'],
    help: 'scale the column down: derive it in data.rows',
  });
}
