import type { Found } from '../../protocol/audit-result.ts';
import type { Column, ColumnKind } from '../../readers/raw-data.ts';
import type { FitRows } from '../transforms/transform.ts';

export type PartName = 'train' | 'validation' | 'test';
export type AuditLevel = 'off' | 'warn' | 'fail';

/** Rows of a part, copied out one by one. */
export type Rows = Pick<FitRows, 'count' | 'shape' | 'row'>;

/** Rows of one part as the source has them, before any feature step. */
export interface AuditPart extends Rows {
  /** Class index, or the first number of the target, of each row. */
  readonly labels: ArrayLike<number>;
  /** What a record calls the rows. */
  readonly ids: Uint32Array;
}

/**
 * Training rows, at most 20,000 of them drawn by the seed, column by column: all that a check of features may
 * look at.
 */
export interface TrainingSample {
  readonly count: number;
  readonly columns: readonly Column[];
  readonly values: readonly Float64Array[];
  readonly labels: Float64Array;
}

export interface AuditData {
  readonly parts: Readonly<Record<PartName, AuditPart>>;
  readonly columns?: readonly Column[];
  /** Of a target of classes. */
  readonly classes?: readonly string[];
  readonly targetName: string;
  readonly split: { readonly type: string; readonly column: string | null };
  readonly seed: number;
  /** Of a table. */
  readonly sample?: TrainingSample;
  /**
   * Of a multi-label task the same with one label as the target, for each; `labels` of the parts number the
   * sets of labels then.
   */
  readonly labels?: readonly AuditData[];
}

/**
 * A question to the split data whose answer may make every later number a lie. Looks at targets of training
 * rows only, save for `duplicates`' and `class_coverage`'s counts.
 */
export interface AuditEntry {
  readonly name: string;
  readonly help: string;
  /** What happens when the config says nothing. */
  readonly level: AuditLevel;
  /** It asks of a target what several can't answer at once: labels are asked one by one. */
  readonly ofTarget?: true;
  run(data: AuditData): readonly Found[];
}

export const percent = (share: number): string =>
  share > 0 && share < 0.001 ? '<0.1%' : `${Number((100 * share).toFixed(1))}%`;

/** `- drop: ["a b"]`: quoted where YAML needs it. */
export const dropStep = (name: string): string =>
  `- drop: [${/^[A-Za-z_][\w]*$/.test(name) ? name : JSON.stringify(name)}]`;

export const isNumeric = (kind: ColumnKind): boolean => kind === 'number' || kind === 'date';

/** Words of a name that people give to keys: `patient_id`, `userId`, `uuid`. */
export const namedLikeKey = (name: string): boolean =>
  /(^|[_\W])(id|ids|uuid|guid|key|index|idx|rowid|rownum)$/i.test(name) || /[a-z](Id|ID|Key|No)$/.test(name);
