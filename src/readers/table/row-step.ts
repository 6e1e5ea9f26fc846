import type { ColumnKind } from '../raw-data.ts';

/** The table that a step works on, and what the step may ask of the database. */
export interface RowTable {
  /** The user's columns, in order. */
  readonly columns: readonly string[];
  rows(): Promise<number>;
  readonly seed: number;
  /** A config's expression as checked SQL text. @throws Misfit `expression` */
  expression(text: string, options?: { readonly aggregates?: boolean }): Promise<string>;
  /** Checks that the columns exist. @throws Misfit `no-such-column` */
  known(names: readonly string[]): void;
  kind(column: string): ColumnKind;
  /** Rows of a query that mlx wrote, from `t` and, where the step has a second table, `other`. */
  query(sql: string): Promise<readonly (readonly unknown[])[]>;
  /** The table `other`: its columns but `__row`. */
  readonly second?: {
    readonly columns: readonly { readonly name: string }[];
    /** Checks that the columns exist. @throws Misfit `no-such-column` at that field */
    known(names: readonly string[], field: string): void;
    kind(column: string): ColumnKind;
  };
}

/** A table that a step reads besides the one that it works on. */
export interface SecondTable {
  /** As in `data.source`, but only tables. */
  readonly source: {
    readonly type: string;
    readonly path: string;
    readonly sha256: string | null;
    readonly missing: readonly string[];
  };
  readonly kinds: Readonly<Record<string, ColumnKind>>;
  /** Put before the names of its columns in what the step makes. */
  readonly prefix: string;
}

/** What a row step does to a table. */
export interface RowStep<P> {
  /**
   * Each row that it makes depends on many rows: its result is computed once and kept, in the order of
   * `__row`. Other steps look at one row at a time and keep the order.
   */
  readonly whole?: true;
  /** The second table that it reads: `other` in SQL. */
  second?(params: P): SecondTable;
  /** Columns that only get another name, and so keep their kind: new names by old ones. */
  renames?(params: P): Readonly<Record<string, string>>;
  /**
   * Columns that it computes: their kind follows from the type of the result, even if the name was there
   * before.
   */
  computes?(params: P): readonly string[];
  /**
   * A SELECT from the table `t`. It keeps the column `__row`, the row of the source; aggregates make a new
   * one.
   */
  sql(params: P, table: RowTable): Promise<string>;
}

/** Row steps by their key in YAML. */
// biome-ignore lint/suspicious/noExplicitAny: steps differ in their fields
export type RowSteps = ReadonlyMap<string, RowStep<any>>;
