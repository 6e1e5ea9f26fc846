import type { LabelColumns, Task } from '../protocol/target.ts';
import type { FileFingerprint } from './files/data-file.ts';
import type { ColumnKind } from './raw-data.ts';

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
