import type { Shape } from '../base/shape.ts';
import type { GraphBuilder, Node } from '../graph/index.ts';
import type { DataSummary } from '../plan/index.ts';

/** What compilation needs to know of the prepared data. */
export interface Target {
  /** y of one example, without the batch axis. */
  readonly y: { readonly shape: Shape; readonly dtype: 'f32' | 'i32' };
  /** Index of the class that `evaluation.threshold` is for. */
  readonly positive?: number;
}

/** What the compiler needs of the data: shapes and counts, never values. */
export interface CompileInput {
  readonly summary: DataSummary;
  readonly target: Target;
  /** The fitted transforms of an input as graph nodes: raw x `[batch, ...raw]` -> x `[batch, ...shape]`. */
  readonly preprocess?: (g: GraphBuilder, x: Node, input: string) => Node;
}
