import type { GraphBuilder, Node } from '../graph/index.ts';
import type { DataSummary } from '../plan/index.ts';
import type { TargetShape } from '../protocol/target.ts';

/** What compilation needs to know of the prepared data. */
export interface Target {
  readonly kind: TargetShape['kind'];
  /** Targets of one example when numbers or labels; ignored for classes. */
  readonly columns: number;
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
