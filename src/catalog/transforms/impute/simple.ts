import * as z from 'zod';
import { Misfit } from '../../../base/misfit.ts';
import { quantile } from '../../../base/quantile.ts';
import { number, once } from '../../fields.ts';
import { sortedColumns } from '../sorted-columns.ts';
import type { FitRows, OutColumn, TransformEntry } from '../transform.ts';
import { overRows, short } from '../words.ts';
import { emitFlags, flagColumns, withFlags } from './indicators.ts';

interface SimpleParams {
  readonly numeric: 'mean' | 'median' | 'most_frequent' | 'constant';
  readonly categorical: 'most_frequent' | 'constant';
  readonly value: number;
  readonly level: string | null;
  readonly indicators: boolean;
}

const schema = once(() =>
  z.strictObject({
    numeric: z
      .enum(['mean', 'median', 'most_frequent', 'constant'])
      .default('median')
      .describe('what stands in for a missing number or date'),
    categorical: z
      .enum(['most_frequent', 'constant'])
      .default('most_frequent')
      .describe('what stands in for a missing category or binary value'),
    value: number().default(0).describe('of `numeric: constant`'),
    level: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('of `categorical: constant`: a level of the column, or a new one'),
    indicators: z
      .boolean()
      .default(false)
      .describe('add a 0/1 column for each one that lacks values in training rows'),
  }),
);

/** Of equally frequent values the smallest, as scikit-learn has it. */
function mostFrequent(sorted: Float64Array): number {
  let [best, most] = [sorted[0]!, 0];
  for (let from = 0; from < sorted.length; ) {
    let to = from;
    while (to < sorted.length && sorted[to] === sorted[from]) to++;
    if (to - from > most) [best, most] = [sorted[from]!, to - from];
    from = to;
  }
  return best;
}

const isCategorical = (kind: string) => kind === 'category' || kind === 'binary';

/** scikit-learn's SimpleImputer: what stands in is learned from the training rows that have a value. */
export const simple: TransformEntry<SimpleParams> = {
  name: 'simple',
  help: 'missing values filled by a statistic of their column',
  get schema() {
    return schema();
  },
  stateless: false,
  accepts: ['number', 'category', 'binary', 'date'],
  missing: true,
  shape: () => undefined,
  fit(rows, params) {
    const columns =
      rows.columns ??
      Array.from({ length: rows.shape[0]! }, (_, i) => ({ name: String(i), kind: 'number' as const }));
    const fills = new Float64Array(columns.length);
    const missing = new Array<number>(columns.length).fill(0);
    const made: OutColumn[] = [];
    sortedColumns(rows, (sorted, j) => {
      const column = columns[j]!;
      const present = sorted.subarray(0, sorted.length - nanCount(sorted));
      missing[j] = sorted.length - present.length;
      const out = fillOf(column, present, params);
      fills[j] = out.value;
      made.push({ ...column, ...(out.levels && { levels: out.levels }), from: j });
    });
    const flagged = params.indicators ? missing.flatMap((count, j) => (count > 0 ? [j] : [])) : [];
    made.push(...flagColumns(columns, flagged));
    const total = missing.reduce((a, b) => a + b, 0);
    return {
      summary: `${total} missing values in ${missing.filter((n) => n > 0).length} of ${columns.length} columns ${overRows(rows.count)}`,
      shape: [made.length],
      columns: made,
      vectors: { fills, flagged: Float64Array.from(flagged) },
      facts: Object.fromEntries(columns.map(({ name }, j) => [name, Number(short(fills[j]!))])),
    };
  },
  apply(fitted, rows, count) {
    const { fills, flagged } = fitted.vectors as { fills: Float64Array; flagged: Float64Array };
    const width = fills.length;
    const filled = rows.map((value, i) => (Number.isNaN(value) ? fills[i % width]! : value));
    return withFlags(rows, filled, width, flagged, count);
  },
  emit(g, x, fitted) {
    const { fills, flagged } = fitted.vectors as { fills: Float64Array; flagged: Float64Array };
    const present = g.equal(x, x); // NaN equals nothing, itself neither
    const filled = g.select(present, x, g.constant(Float32Array.from(fills), [fills.length]));
    return emitFlags(g, filled, present, flagged);
  },
};

/** NaN sorts to the end. */
function nanCount(sorted: Float64Array): number {
  let count = 0;
  while (count < sorted.length && Number.isNaN(sorted[sorted.length - 1 - count])) count++;
  return count;
}

type Columns = NonNullable<FitRows['columns']>;

function fillOf(
  column: Columns[number],
  present: Float64Array,
  params: SimpleParams,
): { value: number; levels?: readonly string[] } {
  const categorical = isCategorical(column.kind);
  const strategy = categorical ? params.categorical : params.numeric;
  if (strategy === 'constant') return categorical ? constantLevel(column, params) : { value: params.value };
  if (present.length === 0)
    throw new Misfit('all-missing', `\`${column.name}\` has no value in any training row`, {
      help: `leave it out (\`- drop: [${column.name}]\` in data.rows), or fill it with a constant`,
    });
  if (strategy === 'most_frequent') return { value: mostFrequent(present) };
  if (strategy === 'median') return { value: quantile(present, 0.5) };
  return { value: present.reduce((a, b) => a + b, 0) / present.length };
}

function constantLevel({ name, kind, levels = [] }: Columns[number], { level }: SimpleParams) {
  if (kind === 'binary') {
    const value = { true: 1, false: 0, '1': 1, '0': 0 }[level ?? ''];
    if (value !== undefined) return { value };
    throw new Misfit('level', `\`${name}\` is true or false; \`level\` is ${level ?? 'not given'}`, {
      field: 'level',
      help: 'level: "true" or level: "false"',
    });
  }
  if (level === null)
    throw new Misfit('level', '`categorical: constant` needs `level`', { help: 'add `level: unknown`' });
  const at = levels.indexOf(level);
  return at >= 0 ? { value: at } : { value: levels.length, levels: [...levels, level] };
}
