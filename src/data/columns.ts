import { Misfit } from '../base/misfit.ts';
import type { Shape } from '../base/shape.ts';
import type { FitRows, Fitted, OutColumn, TransformEntry } from '../catalog/transforms/index.ts';
import type { Column } from '../readers/raw-data.ts';

/** A transform with what it learned from the training rows. */
export interface FittedTransform {
  readonly kind: string;
  readonly type: string;
  readonly fitted: Fitted;
  // biome-ignore lint/suspicious/noExplicitAny: transforms differ in their fields
  readonly entry: TransformEntry<any>;
  /** Shape of one example after the step. */
  readonly shape: Shape;
  /** Tables only: the columns after the step. */
  readonly columns?: readonly Column[];
  /** Of a step for some columns of a table: which ones, and where its outputs go. */
  readonly layout?: Layout;
  /** For each column that the step takes: the texts that the codes stand for. */
  readonly texts?: readonly (readonly string[] | undefined)[];
}

export interface Layout {
  /** Columns that the step takes, ascending. */
  readonly selected: readonly number[];
  /** For each column afterwards: an unchanged one, or one that the step made. */
  readonly order: readonly ({ readonly kept: number } | { readonly made: number })[];
}

const listed = (names: readonly string[]) => {
  const shown = names.slice(0, 8).map((name) => `\`${name}\``);
  return `${shown.join(', ')}${names.length > 8 ? `, and ${names.length - 8} more` : ''}`;
};

// biome-ignore lint/suspicious/noExplicitAny: transforms differ in their fields
type AnyEntry = TransformEntry<any>;
const acceptedBy = (entry: AnyEntry) => entry.accepts ?? ['number', 'date'];

/** Which columns a step is for. @throws Misfit `no-such-column`, `column-kind` */
function selection(entry: AnyEntry, columns: readonly Column[], named: readonly string[] | null): number[] {
  const accepts = acceptedBy(entry);
  if (named === null) return columns.flatMap(({ kind }, i) => (accepts.includes(kind) ? [i] : []));
  const at = (field = 'columns') => ({ field });
  return named
    .map((name) => {
      const i = columns.findIndex((column) => column.name === name);
      if (i < 0)
        throw new Misfit('no-such-column', `there is no column \`${name}\` here`, {
          ...at(),
          help: `name one of ${listed(columns.map((c) => c.name))}`,
        });
      const { kind } = columns[i]!;
      const numbers = kind === 'binary' && accepts.includes('number');
      if (!accepts.includes(kind) && !numbers)
        throw new Misfit(
          'column-kind',
          `\`${name}\` is a ${kind}; ${entry.name} takes ${accepts.join(', ')}`,
          {
            ...at(),
            help: `remove it from \`columns\``,
          },
        );
      return i;
    })
    .sort((a, b) => a - b)
    .filter((index, i, all) => index !== all[i - 1]);
}

/** Rows that can read single columns for less. */
interface TableFitRows extends FitRows {
  pick?(columns: readonly number[]): Pick<FitRows, 'count' | 'shape' | 'row'>;
}

/** Fits a step on the columns that it is for; the others stay unchanged. */
export function fitColumns(
  entry: AnyEntry,
  params: unknown,
  rows: TableFitRows,
  columns: readonly Column[],
  named: readonly string[] | null = null,
): Pick<FittedTransform, 'fitted' | 'shape' | 'columns' | 'layout' | 'texts'> {
  const selected = selection(entry, columns, named);
  if (selected.length === 0)
    throw new Misfit(
      'no-columns',
      `no column is ${acceptedBy(entry).join(' or ')}: ${entry.name} has nothing to do`,
      {
        help: 'remove the step',
      },
    );
  const own = selected.map((i) => columns[i]!);
  const taken = only(rows, selected, own);
  if (!entry.missing) refuseMissing(entry, taken, own);
  entry.shape(taken.shape, params);
  const fitted = entry.fit(taken, params);
  if (fitted.affine) {
    const affine = spread(fitted.affine, selected, columns.length);
    return { fitted: { ...fitted, affine, shape: [columns.length] }, shape: [columns.length], columns };
  }
  const made: readonly OutColumn[] = fitted.columns ?? outputs(entry, fitted, own);
  const order = arrange(columns.length, selected, made);
  const after = distinct(order.map((o) => ('kept' in o ? columns[o.kept]! : plain(made[o.made]!))));
  return {
    fitted,
    shape: [after.length],
    columns: after,
    layout: { selected, order },
    ...(fitted.text && { texts: own.map(({ levels }) => levels) }),
  };
}

/** Makes names distinct: the second `pca_1` becomes `pca_1_2`. */
function distinct(columns: readonly Column[]): readonly Column[] {
  const used = new Set(columns.map(({ name }) => name));
  if (used.size === columns.length) return columns;
  used.clear();
  return columns.map((column) => {
    let { name } = column;
    for (let n = 2; used.has(name); n++) name = `${column.name}_${n}`;
    used.add(name);
    return name === column.name ? column : { ...column, name };
  });
}

const plain = ({ name, kind, levels }: OutColumn): Column => ({ name, kind, ...(levels && { levels }) });

/** A step's output columns, named as its inputs; those of a projection are numbered: `pca_1`. */
function outputs(entry: AnyEntry, fitted: Fitted, own: readonly Column[]): OutColumn[] {
  const [width] = fitted.shape as [number];
  if (!fitted.projection) return own.map(({ name }, from) => ({ name, kind: 'number', from }));
  return Array.from({ length: width }, (_, i) => ({ name: `${entry.name}_${i + 1}`, kind: 'number' }));
}

/** Outputs of a single column take its place; outputs of all columns together go to the end. */
function arrange(width: number, selected: readonly number[], made: readonly OutColumn[]): Layout['order'] {
  const of = (from: number | undefined) => made.flatMap((m, i) => (m.from === from ? [{ made: i }] : []));
  const places = Array.from({ length: width }, (_, i) => {
    const at = selected.indexOf(i);
    return at < 0 ? [{ kept: i }] : of(at);
  });
  return [...places.flat(), ...of(undefined)];
}

function only(rows: TableFitRows, selected: readonly number[], columns: readonly Column[]): FitRows {
  if (rows.pick) return { ...rows, ...rows.pick(selected), columns };
  const whole = new Float64Array(rows.shape[0]!);
  return {
    ...rows,
    shape: [selected.length],
    columns,
    row(i, out) {
      rows.row(i, whole);
      for (let j = 0; j < selected.length; j++) out[j] = whole[selected[j]!]!;
    },
  };
}

function refuseMissing(entry: AnyEntry, rows: FitRows, columns: readonly Column[]): void {
  const row = new Float64Array(columns.length);
  const counts = new Array<number>(columns.length).fill(0);
  for (let i = 0; i < rows.count; i++) {
    rows.row(i, row);
    for (let j = 0; j < row.length; j++) if (Number.isNaN(row[j])) counts[j] = counts[j]! + 1;
  }
  const worst = counts.findIndex((count) => count > 0);
  if (worst < 0) return;
  throw new Misfit(
    'missing-values',
    `${entry.name} needs values; \`${columns[worst]!.name}\` lacks ${counts[worst]} in ${rows.count} training rows`,
    { help: 'put `- impute: { numeric: median }` before it, or `- drop_missing` into data.rows' },
  );
}

/** One scale and shift for each column: 1 and 0 for unchanged ones. */
function spread(affine: NonNullable<Fitted['affine']>, selected: readonly number[], width: number) {
  const scale = new Float64Array(width).fill(1);
  const shift = new Float64Array(width);
  const pick = (values: Float64Array, j: number) => values[values.length === 1 ? 0 : j]!;
  selected.forEach((i, j) => {
    scale[i] = pick(affine.scale, j);
    shift[i] = pick(affine.shift, j);
  });
  return { scale, shift };
}

/**
 * Values `[count, ...shape]` through one step.
 * @param training of training rows: the place of the first one among them
 */
export function applyTransform(
  { entry, fitted, layout, texts }: FittedTransform,
  values: Float64Array,
  count: number,
  training?: number,
): Float64Array {
  const context = { training, texts };
  if (!layout) return entry.apply(fitted, values, count, context);
  const { selected, order } = layout;
  const width = values.length / count;
  const taken = new Float64Array(count * selected.length);
  for (let i = 0; i < count; i++)
    for (let j = 0; j < selected.length; j++)
      taken[i * selected.length + j] = values[i * width + selected[j]!]!;
  const made = entry.apply(fitted, taken, count, context);
  const madeWidth = made.length / count;
  const out = new Float64Array(count * order.length);
  order.forEach((o, j) => {
    const [source, stride, first] = 'kept' in o ? [values, width, o.kept] : [made, madeWidth, o.made];
    for (let i = 0, from = first, to = j; i < count; i++, from += stride, to += order.length)
      out[to] = source[from]!;
  });
  return out;
}

/** Values `[count, ...shape]` of the source through the whole chain. */
export function applyChain(
  chain: readonly FittedTransform[],
  values: Float64Array,
  count: number,
  training: number | undefined,
): Float64Array {
  return chain.reduce((taken, step) => applyTransform(step, taken, count, training), values);
}
