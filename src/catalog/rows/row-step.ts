import type { Entry } from '../entry.ts';

/** The table that a step works on, and what it may ask of the database. */
export interface RowTable {
  /** Columns of the user's, in order. */
  readonly columns: readonly string[];
  rows(): Promise<number>;
  readonly seed: number;
  /** A config's expression as checked SQL text. @throws Misfit `expression` */
  expression(text: string, options?: { readonly aggregates?: boolean }): Promise<string>;
  /** Refuses a column that isn't there. @throws Misfit `no-such-column` */
  known(names: readonly string[]): void;
}

/**
 * A stateless step over rows, before the split. It may not learn anything across rows that the features should learn from
 * training rows alone.
 */
export interface RowStepEntry<P> extends Entry<P> {
  /** It looks at many rows for each that it hands out: done once and kept, in the order of `__row`. Else rows keep their order. */
  readonly whole?: true;
  /** A SELECT from the table `t`, whose column `__row` is the row of the source and must be kept (aggregates make a new one). */
  sql(params: P, table: RowTable): Promise<string>;
}

export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const ROW = '__row';
