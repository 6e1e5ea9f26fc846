import type { ColumnKind } from '../raw-data.ts';

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
  kind(column: string): ColumnKind;
  /** Rows of a query of ours from `t`, and `other` where the step has a second table. */
  query(sql: string): Promise<readonly (readonly unknown[])[]>;
  /** The table `other`: its columns, besides `__row`. */
  readonly second?: {
    readonly columns: readonly { readonly name: string }[];
    /** @throws Misfit `no-such-column` at that field */
    known(names: readonly string[], field: string): void;
    kind(column: string): ColumnKind;
  };
}

/** A table that a step reads besides the one that it works on. */
export interface SecondTable {
  /** As in `data.source`, but of tables alone. */
  readonly source: {
    readonly type: string;
    readonly path: string;
    readonly sha256: string | null;
    readonly missing: readonly string[];
  };
  readonly kinds: Readonly<Record<string, ColumnKind>>;
}

/** What a row step does to a table. */
export interface RowStep<P> {
  /** It looks at many rows for each that it hands out: done once and kept, in the order of `__row`. Else rows keep their order. */
  readonly whole?: true;
  /** The second table that it reads: `other` in SQL. */
  second?(params: P): SecondTable;
  /** A SELECT from the table `t`, whose column `__row` is the row of the source and must be kept (aggregates make a new one). */
  sql(params: P, table: RowTable): Promise<string>;
}

/** Row steps by their key in YAML. */
// biome-ignore lint/suspicious/noExplicitAny: steps differ in their fields
export type RowSteps = ReadonlyMap<string, RowStep<any>>;
