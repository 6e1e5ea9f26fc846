import type { TargetShape } from '../../protocol/target.ts';

/** What a table's target is, and how its numbers are read. */
export interface Target {
  readonly target: TargetShape;
  /** What y is: the code of a class, one number, or 0 and 1 for each label. */
  readonly holds: 'codes' | 'numbers' | 'flags';
  /** An expression for each number that a row has in y. */
  readonly sql: readonly string[];
  /** Rows of the table. */
  readonly count: number;
}
