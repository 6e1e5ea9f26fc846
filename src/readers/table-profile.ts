import type { FileFingerprint } from './files/data-file.ts';
import type { ColumnKind } from './raw-data.ts';

/** A summary of one column of a table, before anything is decided about it. */
export interface ColumnProfile {
  readonly name: string;
  readonly kind: ColumnKind;
  /** False for lists, structs and the like, which are no single value. */
  readonly usable: boolean;
  /** Rows without a value. */
  readonly missing: number;
  /** Number of distinct values. */
  readonly distinct: number;
  /** The most frequent values as text, at most 100. */
  readonly top?: readonly { readonly value: string; readonly count: number }[];
  /** Of numbers, and of dates in seconds since 1970. */
  readonly numbers?: {
    readonly min: number;
    readonly max: number;
    readonly mean: number;
    readonly std: number;
    /** No value has a fraction. */
    readonly whole: boolean;
    /** `rises`: each value is larger than that of the row before; `ordered`: at least as large. */
    readonly rises: boolean;
    readonly ordered: boolean;
  };
}

export interface TableProfile {
  readonly files: readonly FileFingerprint[];
  readonly rows: number;
  readonly columns: readonly ColumnProfile[];
}
