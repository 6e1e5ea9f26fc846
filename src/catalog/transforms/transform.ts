import type { GraphBuilder, Node, Shape } from '../../graph/index.ts';
import type { Entry } from '../entry.ts';
import type { Column, ColumnKind } from '../sources/source.ts';

/** Rows handed to `fit`: the training split only, by construction. */
export interface FitRows {
  readonly count: number;
  readonly shape: Shape; // of one example
  /** Of a table: the columns that the step is for, one for each element. */
  readonly columns?: readonly Column[];
  /** Copies row i (float values) into `out`. */
  row(i: number, out: Float64Array): void;
}

/** What was learned, plain data for the plan, the lock and the exported model. */
export interface Fitted {
  /** One line for `mlx plan`: "mean 0.1307, std 0.3081 over 7,000 training rows". */
  readonly summary: string;
  /** Output shape of one example. */
  readonly shape: Shape;
  /** Of a table: the columns that it makes. Left out where they are those that came in, or have no names of their own. */
  readonly columns?: readonly OutColumn[];
  /** Element-wise `x * scale + shift`; arrays hold one value, or one per element of the example. */
  readonly affine?: { readonly scale: Float64Array; readonly shift: Float64Array };
  /** `(x - mean) · components`, components row-major `[features, outputs]` (pca and its like). */
  readonly projection?: {
    readonly mean: Float64Array;
    readonly components: Float64Array;
    readonly outputs: number;
  };
  /** What a transform of table columns learned, by names of its own. */
  readonly vectors?: Readonly<Record<string, Float64Array>>;
  /** Facts worth recording, e.g. the explained variance. */
  readonly facts?: Readonly<Record<string, number | readonly number[]>>;
}

/** A column that a transform makes; `from` is the one that it stands for, of those that came in. */
export interface OutColumn extends Column {
  readonly from?: number;
}

/** A fitted feature transform; scikit-learn's names. */
export interface TransformEntry<P> extends Entry<P> {
  /** True when nothing is learned from rows (`pixel`): `mlx check` can know its output without data. */
  readonly stateless: boolean;
  /** Kinds of table columns that it takes when none are named; numbers and dates when left out. */
  readonly accepts?: readonly ColumnKind[];
  /** It knows what to do with missing values. */
  readonly missing?: true;
  /** Output shape when it is known before fitting; undefined for "as many as explain 95%". @throws Misfit */
  shape(input: Shape, params: P): Shape | undefined;
  fit(rows: FitRows, params: P): Fitted;
  /** Applies it to `count` rows of float values. */
  apply(fitted: Fitted, rows: Float64Array, count: number): Float64Array;
  /** The same for an exported model: x is f32 `[batch, ...shape]`. */
  emit(g: GraphBuilder, x: Node, fitted: Fitted): Node;
}
