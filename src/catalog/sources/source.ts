import type { Shape } from '../../base/shape.ts';
import type { Entry } from '../entry.ts';
import type { Task } from '../metrics/metric.ts';
import type { NumberFile } from './numbers.ts';

export type ColumnKind = 'number' | 'category' | 'binary' | 'date' | 'text';

/** An input column of a table. Missing values are NaN in every kind. */
export interface Column {
  readonly name: string;
  /** number; category: index into `levels`, -1 for a level that isn't there; binary: 0, 1; date: days since 1970-01-01 UTC; text: index into `levels`, which are all different texts. */
  readonly kind: ColumnKind;
  readonly levels?: readonly string[];
}

export type TargetShape =
  | { readonly kind: 'class'; readonly classes: readonly string[] }
  | { readonly kind: 'number'; readonly columns: readonly string[] }
  /** Any number of them may be true of an example. */
  | { readonly kind: 'labels'; readonly labels: readonly string[] };

/** Where the labels of an example stand: in a column of two values each, or in one column as a text. */
export type LabelColumns =
  | { readonly columns: readonly string[] }
  | { readonly column: string; readonly separator: string };

/** What `mlx check` needs to know: the shape of one example and of its target. */
export interface DataShape {
  readonly shape: Shape; // one example, channels last: [28, 28, 1]
  readonly target: TargetShape;
  readonly count?: number;
}

/** A file that a result depends on. */
export interface FileFingerprint {
  /** As named in the config or by the package; never an absolute path of the machine. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

export type Targets = Uint8Array | Int32Array | Float32Array;

export interface RawData extends DataShape {
  readonly count: number;
  /** `[count, ...shape]`, row-major. Bytes stay bytes: transforms decide what they mean. Empty where `file` has the values. */
  readonly x: Uint8Array | Float32Array;
  /** The values of x where they are too many for memory. `data/rows.ts` reads either. */
  readonly file?: NumberFile;
  /** Class indices `[count]`, as bytes where there are very many rows; numbers `[count, columns]`; labels `[count, labels]` as 0 and 1. */
  readonly y: Targets;
  /** The input columns of a table, one for each element of x. */
  readonly columns?: readonly Column[];
  /** For splits by a column: one double a row. Groups are numbered, times and hashes in [0, 1) are as they are. `data/keys.ts` reads them. */
  readonly keys?: Float64Array | NumberFile;
  /** Row of the source of each row, where rows were left out or put in another order. */
  readonly ids?: Uint32Array;
  /** The source's own parts, for `split: { type: fixed }`: rows [0, train) and [train, count). */
  readonly train?: number;
  readonly files: readonly FileFingerprint[];
}

export interface SourceContext {
  /** Folder of the config: relative paths start here. */
  readonly folder: string;
  /** Folder for downloads and caches, made when needed. */
  readonly cache: string;
  /** Root of the installed package, where shipped data lies. */
  readonly root: string;
  readonly task: Task;
  readonly target?: string;
  /** In place of `target` where the task is multilabel_classification. */
  readonly labels?: LabelColumns;
  readonly seed: number;
  /** What the data section asks of a table; sources that read tables execute it. */
  readonly table?: TableRequest;
  /** What `files` has told a moment ago. */
  readonly files?: readonly FileFingerprint[];
  /** What the data of an earlier run were, which is done again: of several copies in the cache the one that it had is taken. */
  readonly expected?: readonly FileFingerprint[];
  /** Told about once a second while something is downloaded, in words. */
  readonly progress?: (text: string) => void;
  /** Where data go to disk; only tests set it, since results don't depend on it. */
  readonly limits?: Limits;
}

export interface Limits {
  /** Bytes of files that are loaded as a whole. */
  readonly loaded: number;
  /** Bytes of numbers that are kept in memory. */
  readonly held: number;
}

export interface TableRequest {
  /** Steps of `data.rows`, in order. */
  readonly rows: readonly { readonly kind: string; readonly value: unknown }[];
  /** `data.columns`: kinds that the user gave. */
  readonly columns: Readonly<Record<string, ColumnKind>>;
  /** The column that a split goes by, and what it needs of it. */
  readonly key?: { readonly use: 'group' | 'time' | 'hash' | 'fixed'; readonly column: string | null };
}

/** What a look at one column of a table tells, before anything is decided about it. */
export interface ColumnProfile {
  readonly name: string;
  readonly kind: ColumnKind;
  /** False for lists, structs and the like, that no single number comes from. */
  readonly usable: boolean;
  /** Rows without a value. */
  readonly missing: number;
  /** Different values. */
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
    /** Each value is larger than that of the row before it, or at least as large. */
    readonly rises: boolean;
    readonly ordered: boolean;
  };
}

export interface TableProfile {
  readonly files: readonly FileFingerprint[];
  readonly rows: number;
  readonly columns: readonly ColumnProfile[];
}

export interface SourceEntry<P> extends Entry<P> {
  /** Reads a table and executes `SourceContext.table`. */
  readonly table?: true;
  /**
   * Shape and target without reading the data (at most a file's header); undefined when only reading
   * tells. Synchronous and light: `mlx check` calls it. A missing file isn't an error here.
   */
  describe(params: P, ctx: SourceContext): DataShape | undefined;
  /** What the data come from, where that is known without reading them all: prepared data are kept for these very files. */
  files?(params: P, ctx: SourceContext): Promise<readonly FileFingerprint[]>;
  /** Of a table: a look at its columns that needs no target. @throws MlxError with exit code 3 */
  profile?(params: P, ctx: SourceContext): Promise<TableProfile>;
  /** @throws MlxError with exit code 3 for anything wrong with the data. */
  read(params: P, ctx: SourceContext): Promise<RawData>;
}
