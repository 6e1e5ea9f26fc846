import type { Interval } from '../intervals.ts';

/** What `mlx explain` found of a finished run: plain data, as `--json` prints it. */
export interface Explanation {
  readonly format: 1;
  readonly run: string;
  readonly task: string;
  /** An answer is right or wrong, or off by some amount; left out by version 0.1. */
  readonly answers?: 'exact' | 'distance';
  readonly split: 'train' | 'validation' | 'test';
  /** Examples of the split, and how many of them were looked at. */
  readonly examples: number;
  readonly looked: number;
  readonly importance?: ImportanceReport;
  readonly dependence?: readonly Dependence[];
  readonly extremes?: readonly ClassExtremes[];
  readonly example?: ImageExplanation | RowExplanation;
  /** Of images: pixels of the extremes, by id. */
  readonly pictures?: Pictures;
}

export interface Pictures {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly pixels: Readonly<Record<number, Uint8Array>>;
}

/** How much worse the model is when the values of one column are dealt out anew among the examples. */
export interface ImportanceReport {
  readonly metric: string;
  /** The metric of the untouched examples. */
  readonly value: number;
  readonly repeats: number;
  /** The most important first. */
  readonly columns: readonly Importance[];
}

export interface Importance {
  readonly column: string;
  /**
   * By how much the metric gets worse: the mean and the standard deviation over the permutations, as
   * scikit-learn has them.
   */
  readonly mean: number;
  readonly std: number;
  /** 95%, of the permutations and of the examples at once; left out where nothing ever changes. */
  readonly interval?: Interval;
}

/** What the model gives on average when one column is the same for all examples. */
export interface Dependence {
  readonly column: string;
  readonly kind: 'number' | 'category' | 'binary' | 'date';
  /** Numbers, or names of levels. */
  readonly grid: readonly (number | string)[];
  /** Of classes: each class's mean probability (or margin); else the mean prediction of each target. */
  readonly outputs: readonly { readonly name: string; readonly values: readonly number[] }[];
}

export interface Extreme {
  readonly id: number;
  readonly truth: string;
  readonly prediction: string;
  /** Score of the true class. */
  readonly score: number;
}

/** Examples of one class that the model finds most typical of it, and those that it gets most wrong. */
export interface ClassExtremes {
  readonly class: string;
  readonly count: number;
  readonly typical: readonly Extreme[];
  readonly wrong: readonly Extreme[];
}

interface OneExample {
  readonly id: number;
  readonly truth: string;
  readonly prediction: string;
}

/**
 * Which pixels one decision comes from. Maps are `[height, width]`, summed over channels (saliency: the
 * largest).
 */
export interface ImageExplanation extends OneExample {
  readonly kind: 'image';
  /** The class whose raw output is explained, and that output. */
  readonly class: string;
  readonly output: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** As the source has them, `[height, width, channels]`. */
  readonly pixels: readonly number[];
  /** |d output / d pixel| (Simonyan et al. 2013). */
  readonly saliency: readonly number[];
  readonly integrated_gradients: IntegratedGradients;
  /**
   * By how much the output falls where a black square covers the pixel, the mean over the squares (Zeiler and
   * Fergus 2014).
   */
  readonly occlusion: { readonly values: readonly number[]; readonly size: number; readonly stride: number };
}

/** Sundararajan et al. 2017, along the line from a black picture. */
export interface IntegratedGradients {
  readonly values: readonly number[];
  readonly steps: number;
  /** Completeness: attributions add up to the difference of the outputs of picture and black picture. */
  readonly sum: number;
  readonly difference: number;
  readonly complete: boolean;
}

/** What each column's value does to the prediction of one row. */
export interface RowExplanation extends OneExample {
  readonly kind: 'row';
  /** The class or target that is explained, and its score. */
  readonly class: string;
  readonly score: number;
  /** The largest effect first. */
  readonly columns: readonly {
    readonly column: string;
    readonly value: string;
    /** The score less its mean when the column takes the values of other examples. */
    readonly effect: number;
  }[];
}
