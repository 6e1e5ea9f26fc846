import type { Column, RawData } from '../catalog/sources/source.ts';
import { dataError } from '../errors.ts';
import type { Part } from './part.ts';

const named = (name: string) => `\`${name}\``;

/**
 * Categories as the training rows have them: levels that no training row has become -1, "not known", so that nothing
 * that is fitted can depend on other rows.
 */
export function known(raw: RawData, train: Uint32Array): RawData {
  const { columns } = raw;
  if (!columns?.some(({ kind }) => kind === 'category')) return raw;
  const width = columns.length;
  const x = new Float32Array(raw.x);
  const after = columns.map((column, j): Column => {
    if (column.kind !== 'category') return column;
    const { levels = [] } = column;
    const seen = new Uint8Array(levels.length);
    for (const row of train) {
      const code = raw.x[row * width + j]!;
      if (code >= 0) seen[code] = 1;
    }
    let next = 0;
    const codes = Int32Array.from(seen, (is) => (is ? next++ : -1));
    for (let i = 0; i < raw.count; i++) {
      const code = x[i * width + j]!;
      if (code >= 0) x[i * width + j] = codes[code]!;
    }
    return { ...column, levels: levels.filter((_, k) => seen[k]) };
  });
  return { ...raw, x, columns: after };
}

/** Every class of a table has a training row: none could be learned otherwise. @throws MlxError `class-absent` */
export function checkTraining({ columns, target, y }: RawData, train: Uint32Array): void {
  if (!columns || target.kind !== 'class') return;
  const seen = new Uint8Array(target.classes.length);
  for (const row of train) seen[y[row]!] = 1;
  const absent = target.classes.filter((_, i) => !seen[i]);
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

/** Everything that reaches the network is a number. @throws MlxError `not-numeric` */
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

/** No NaN goes on in silence. @throws MlxError `missing-values`, `too-large` with the row and the column */
export function checkFinite(
  parts: Readonly<Record<'train' | 'validation' | 'test', Part>>,
  columns: readonly Column[],
  raw: RawData,
): void {
  const width = columns.length;
  const row = new Float32Array(width);
  const order = Uint32Array.of(0);
  for (const [name, part] of Object.entries(parts))
    for (let i = 0; i < part.count; i++) {
      order[0] = i;
      part.fill(row, order, 0, 1);
      const j = row.findIndex((value) => !Number.isFinite(value));
      if (j < 0) continue;
      const at = `row ${part.ids[i]! + 1} (${name})`;
      const column = named(columns[j]!.name);
      if (Number.isNaN(row[j]))
        throw dataError('missing-values', `${at}: ${column} has no value`, {
          path: ['data', 'features'],
          help: 'add `- impute: { numeric: median, categorical: most_frequent }` to data.features, or `- drop_missing` to data.rows',
          notes: [`${raw.count} rows in all`],
        });
      throw dataError('too-large', `${at}: ${column} is larger than a float32 can hold`, {
        path: ['data', 'features'],
        help: 'scale the column down: derive it in data.rows',
      });
    }
}
