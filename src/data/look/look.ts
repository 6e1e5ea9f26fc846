import type { PartName } from '../../catalog/audits/index.ts';
import type { AuditResult } from '../../protocol/audit-result.ts';
import type { FileFingerprint } from '../../readers/files/data-file.ts';
import type { ColumnKind } from '../../readers/raw-data.ts';

/** Shares of a part's rows; a part without rows is left out. */
export type ByPart<T> = Readonly<Partial<Record<PartName, T>>>;

/**
 * One column before any feature step. Histograms and levels of all parts have the same places, found on
 * training rows.
 */
export interface ColumnLook {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Share of rows without a value. */
  readonly missing: ByPart<number>;
  /** Different values among the training rows looked at. */
  readonly distinct: number;
  /** Of numbers and dates (days since 1970), training rows. */
  readonly numbers?: {
    readonly min: number;
    readonly q1: number;
    readonly median: number;
    readonly q3: number;
    readonly max: number;
    readonly mean: number;
    readonly std: number;
    /** Rows beyond 3 interquartile ranges from the quartiles (Tukey's "far out"), and the farthest few. */
    readonly outliers: number;
    readonly farthest: readonly { readonly row: number; readonly value: number }[];
  };
  /**
   * Of numbers and dates: edges, and the share of each part's present values between them. Values beyond
   * count in the outer bins.
   */
  readonly histogram?: { readonly edges: readonly number[]; readonly shares: ByPart<readonly number[]> };
  /** Of the rest: the most frequent levels of training rows, the others together last. */
  readonly levels?: { readonly names: readonly string[]; readonly shares: ByPart<readonly number[]> };
  /** Training against test: Kolmogorov and Smirnov's test, or chi-squared over levels. */
  readonly drift?: { readonly test: 'ks' | 'chi2'; readonly statistic: number; readonly p: number };
  /**
   * How well the column alone predicts the target, 0 to 1, on training rows: R², or mean recall beyond
   * chance.
   */
  readonly relation?: number;
}

export interface TargetLook {
  readonly name: string;
  readonly classes?: { readonly names: readonly string[]; readonly counts: ByPart<readonly number[]> };
  readonly histogram?: ColumnLook['histogram'];
}

export interface Projection {
  readonly method: 'pca' | 'umap' | 'tsne';
  /** `[x, y]` of each point. */
  readonly points: readonly (readonly [number, number])[];
  /** What the axes explain, of pca. */
  readonly explained?: readonly number[];
}

export interface Look {
  readonly name: string;
  readonly task: string;
  readonly source: string;
  readonly files: readonly FileFingerprint[];
  readonly shape: readonly number[];
  readonly rows: Readonly<Record<PartName, number>>;
  readonly split: string;
  readonly target: TargetLook;
  /** Of tables; `null` for images. */
  readonly columns: readonly ColumnLook[] | null;
  /**
   * Pearson's r of numbers (the target last where it is one), training rows that have both values; null where
   * one is constant.
   */
  readonly correlations?: {
    readonly names: readonly string[];
    readonly r: readonly (readonly (number | null)[])[];
  };
  /** Training rows, standardized, drawn by the seed; colours are class indices or target values. */
  readonly scatter?: { readonly projections: readonly Projection[]; readonly colors: readonly number[] };
  /** Some training images of each class, pixels from 0 to 255. */
  readonly images?: {
    readonly height: number;
    readonly width: number;
    readonly channels: number;
    readonly rows: readonly { readonly label: string; readonly pixels: readonly Uint8Array[] }[];
  };
  readonly audit: AuditResult;
}
