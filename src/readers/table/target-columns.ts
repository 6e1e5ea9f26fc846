import type { TargetShape } from '../../protocol/target.ts';

/** What a table's target is, and how its numbers are read. */
export interface Target {
  readonly target: TargetShape;
  /** An expression for each number that a row has in y. */
  readonly sql: readonly string[];
  /** Rows of the table. */
  readonly count: number;
}
