import type { GraphBuilder, Node } from '../../graph/index.ts';

export type Task = 'classification' | 'regression';

/** A split's predictions, gathered on the host. */
export interface Predictions {
  readonly task: Task;
  readonly count: number;
  readonly units: number;
  readonly scores: Float32Array; // [count, units]
  /** Class index, or the targets [count, units]. */
  readonly truth: Int32Array | Float32Array;
  /** Class tasks: predicted class index. */
  readonly predicted?: Int32Array;
  readonly classes?: readonly string[];
  /** rows truth, columns prediction; class tasks. */
  readonly confusion?: readonly (readonly number[])[];
}

/** A metric: definition, range, direction, when it applies; scikit-learn's names. */
export interface MetricEntry {
  readonly name: string;
  readonly help: string;
  readonly tasks: readonly Task[];
  readonly direction: 'higher' | 'lower';
  readonly range: readonly [number, number];
  /** @returns null where it is undefined (nothing was predicted positive). Averages are macro. */
  compute(p: Predictions): number | null;
  /** `proportion`: Wilson's interval from successes/trials; `mean`: normal interval of per-example values. */
  readonly interval?:
    | { readonly kind: 'proportion'; counts(p: Predictions): readonly [number, number] }
    | { readonly kind: 'mean'; values(p: Predictions): Float64Array };
  /** Cheap running form inside the training step: the batch's mean, shape []. `predicted` is i32 [batch]. */
  readonly running?: (g: GraphBuilder, v: { scores: Node; predicted?: Node; y: Node }) => Node;
}

/** One class against the rest. */
export interface ClassRow {
  readonly class: string;
  readonly precision: number | null; // null where nothing was predicted so
  readonly sensitivity: number | null;
  readonly specificity: number | null;
  readonly f1: number | null;
  readonly support: number;
}

export interface MetricValue {
  readonly value: number | null; // null where undefined
  readonly interval?: readonly [number, number]; // 95%
}
