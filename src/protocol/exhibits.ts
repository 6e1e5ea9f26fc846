import type { ClassRow, Confusion, ReliabilityBin } from './metric-values.ts';

/**
 * What a run has to show beside its numbers, as plain data. Tasks, models and transforms emit exhibits; the
 * terminal, the page and Markdown each have one total table that draws them by `kind`, so that a new kind
 * makes `tsc` list what still has to draw it. Words that depend on the task (what a row is called, what a
 * mistake is) are part of the data.
 */
export type Exhibit =
  | ConfusionExhibit
  | RatesExhibit
  | ScatterExhibit
  | ExamplesExhibit
  | RankingExhibit
  | ReliabilityExhibit
  | RegionsExhibit
  | LayersExhibit
  | FiltersExhibit
  | MapsExhibit
  | DatasetExhibit;

export type ExhibitKind = Exhibit['kind'];
export type ExhibitOf<K extends ExhibitKind> = Extract<Exhibit, { readonly kind: K }>;

/** What was taken for what. */
export interface ConfusionExhibit extends Confusion {
  readonly kind: 'confusion';
  /** Of which examples, where it isn't those of one part. */
  readonly of?: string;
}

/** Precision, sensitivity and the like of each class or label. */
export interface RatesExhibit {
  readonly kind: 'rates';
  /** What a row is: `class`, `label`. */
  readonly noun: string;
  readonly rows: readonly ClassRow[];
}

/** `[truth, prediction]` pairs of some examples, for each number that is predicted. */
export interface ScatterExhibit {
  readonly kind: 'scatter';
  readonly plots: readonly {
    readonly name: string;
    readonly points: readonly (readonly [number, number])[];
  }[];
}

/** Examples that a person would look at, by falling loss. */
export interface ExamplesExhibit {
  readonly kind: 'examples';
  readonly part: 'test' | 'validation' | 'train';
  /**
   * `exact`: an answer is right or wrong, and the list has both. `distance`: every answer is off by some
   * amount.
   */
  readonly answers: 'exact' | 'distance';
  /** Examples of the part, and how many of them were looked at. */
  readonly count: number;
  readonly looked: number;
  readonly columns?: readonly string[];
  /** Of images: `pixels` are `[height, width, channels]` bytes. */
  readonly image?: ImageSize;
  readonly list: readonly ShownExample[];
}

export interface ImageSize {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

export interface ShownExample {
  readonly id: string;
  readonly truth: string;
  readonly prediction: string;
  readonly loss: number;
  /** Probability of the answer. */
  readonly confidence?: number;
  /** base64 of bytes. */
  readonly pixels?: string;
  /** One for each column; null is a missing value. */
  readonly values?: readonly (string | null)[];
}

/** How scores rank examples: one class against the rest, or one label; of two classes the second. */
export interface RankingExhibit {
  readonly kind: 'ranking';
  /** What a line is of: `class`, `label`. */
  readonly noun: string;
  /** `Each class against the rest`. */
  readonly each: string;
  readonly lines: readonly Ranking[];
}

export interface Ranking {
  readonly name: string;
  readonly positives: number;
  /** `[false positive rate, true positive rate]`, and `[recall, precision]`: corners that a picture shows. */
  readonly roc: readonly (readonly [number, number])[];
  readonly precision_recall: readonly (readonly [number, number])[];
  readonly area: number;
  readonly average_precision: number;
}

/** Confidence of the predictions by bins of equal width, and how often they are right. */
export interface ReliabilityExhibit {
  readonly kind: 'reliability';
  readonly bins: readonly ReliabilityBin[];
}

/** What a model says everywhere on the plane of its two inputs. */
export interface RegionsExhibit {
  readonly kind: 'regions';
  /** Names of the answers, where `cells` and `value` are their indices; left out where they are numbers. */
  readonly answers?: readonly string[];
  readonly names: readonly [string, string];
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  /** Cells along each side; `cells` go row by row, the second input rising. */
  readonly size: number;
  readonly cells: readonly number[];
  readonly points: readonly {
    readonly part: 'train' | 'test' | 'validation';
    readonly x: number;
    readonly y: number;
    readonly value: number;
  }[];
}

/** Layers of a network in their order. */
export interface LayersExhibit {
  readonly kind: 'layers';
  /** Shape of one example as it enters. */
  readonly input: readonly number[];
  /** Of all inputs, where there are several. */
  readonly inputs?: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly layers: readonly {
    readonly name: string;
    readonly type: string;
    /** What it reads, of a network that is no chain. */
    readonly inputs?: readonly string[];
    readonly shape: readonly number[];
    readonly parameters: number;
  }[];
}

/** Weights of a convolution's filters. */
export interface FiltersExhibit {
  readonly kind: 'filters';
  readonly layer: string;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** All filters of the layer; `values` has the first of them. */
  readonly count: number;
  /** `[filters shown, height, width, channels]`. */
  readonly values: readonly number[];
}

/** What a convolution makes of some examples. */
interface LayerMaps {
  readonly layer: string;
  readonly height: number;
  readonly width: number;
  /** All maps of the layer; some are shown. */
  readonly count: number;
}

interface Maps {
  /** base64 of `[maps, height, width]` bytes: 0 is `low`, 255 is `high`. */
  readonly maps: string;
  readonly low: number;
  readonly high: number;
}

/** Feature maps of the first convolution, and of those behind it for the same examples. */
export interface MapsExhibit extends LayerMaps {
  readonly kind: 'maps';
  readonly image?: ImageSize;
  readonly examples: readonly (Maps & { readonly example: ShownExample })[];
  readonly deeper: readonly DeeperMaps[];
}

export interface DeeperMaps extends LayerMaps {
  readonly examples: readonly Maps[];
}

/** What was learned from: parts, shapes, columns, what the target holds. */
export interface DatasetExhibit {
  readonly kind: 'dataset';
  readonly source: string;
  readonly target: string;
  /** One example as the source has it, and as it enters the model. */
  readonly raw: readonly number[];
  readonly shape: readonly number[];
  readonly rows: Readonly<Record<'train' | 'validation' | 'test', number>>;
  /** Training examples of each class or label, `of` so many: an example may have several. */
  readonly counts?: {
    readonly noun: string;
    readonly names: readonly string[];
    readonly train: readonly number[];
    readonly of: number;
  };
  /** Mean and standard deviation of the training part's numbers. */
  readonly numbers?: readonly { readonly name: string; readonly mean: number; readonly std: number }[];
  /** Of tables; at most 200 are named. */
  readonly columns?: readonly { readonly name: string; readonly kind: string }[];
  readonly column_count?: number;
  /** What was done to each example, e.g. `normalize: standard`. */
  readonly features: readonly { readonly step: string; readonly summary: string }[];
}

/** The one exhibit of a kind; of several the first. */
export const exhibitOf = <K extends ExhibitKind>(
  exhibits: readonly Exhibit[],
  kind: K,
): ExhibitOf<K> | undefined => exhibits.find((e): e is ExhibitOf<K> => e.kind === kind);
