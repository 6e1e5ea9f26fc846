import type { LabelColumns } from '../protocol/target.ts';
import type { FileFingerprint } from './files/data-file.ts';
import type { ColumnKind } from './raw-data.ts';

export interface SourceContext {
  /** Folder of the config: relative paths start here. */
  readonly folder: string;
  /** Folder for downloads and caches, made when needed. */
  readonly cache: string;
  /** Root of the installed package, where shipped data lies. */
  readonly root: string;
  /** For messages alone. */
  readonly task: string;
  /** The target is a number; else a class, or labels. */
  readonly numeric: boolean;
  readonly target?: string;
  /** In place of `target` where the task is multilabel_classification. */
  readonly labels?: LabelColumns;
  readonly seed: number;
  /** What the data section asks of a table; sources that read tables carry it out. */
  readonly table?: TableRequest;
  /** What the source's `files` returned a moment ago. */
  readonly files?: readonly FileFingerprint[];
  /**
   * The files of an earlier run that is being repeated: where the cache has several versions, that run's is
   * used.
   */
  readonly expected?: readonly FileFingerprint[];
  /** Called about once a second during a download, with a text for people. */
  readonly progress?: (text: string) => void;
  /** Above which sizes data go to disk. Only tests set it; results don't depend on it. */
  readonly limits?: Limits;
}

export interface Limits {
  /** Files up to this many bytes in total are loaded into memory. */
  readonly loaded: number;
  /** Numbers up to this many bytes are kept in memory. */
  readonly held: number;
}

export interface TableRequest {
  /** Steps of `data.rows`, in order. */
  readonly rows: readonly { readonly kind: string; readonly value: unknown }[];
  /** `data.columns`: kinds that the user gave. */
  readonly columns: Readonly<Record<string, ColumnKind>>;
  /** The column that the split goes by, and how. */
  readonly key?: { readonly use: 'group' | 'time' | 'hash' | 'fixed'; readonly column: string | null };
}
