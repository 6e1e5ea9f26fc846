import { FILES } from './names.ts';
import { readJson } from './read-json.ts';

/** `exhibits.json`: what a report shows and only the data and the trained network can tell; so that it can be drawn again without them. */
export interface Exhibits {
  readonly format: 1;
  readonly data: DataExhibit;
  readonly layers: readonly {
    readonly name: string;
    readonly type: string;
    readonly shape: readonly number[];
    readonly parameters: number;
  }[];
  readonly examples?: ExampleExhibit;
  /** One class against the rest, by its score; of two classes the second. */
  readonly ranked?: readonly RankedClass[];
  /** Confidence of the predictions by bins of equal width, and how often they are right. */
  readonly reliability?: readonly {
    readonly count: number;
    readonly confidence: number;
    readonly accuracy: number;
  }[];
  /** Of each number that is predicted, some `[truth, prediction]` pairs of the scored part. */
  readonly fits?: readonly {
    readonly name: string;
    readonly points: readonly (readonly [number, number])[];
  }[];
  readonly filters?: FilterExhibit;
  readonly maps?: MapExhibit;
  readonly regions?: RegionExhibit;
}

export interface DataExhibit {
  readonly source: string;
  readonly target: string;
  /** One example as the source has it, and as it enters the network. */
  readonly raw: readonly number[];
  readonly shape: readonly number[];
  readonly rows: Readonly<Record<'train' | 'validation' | 'test', number>>;
  readonly classes?: { readonly names: readonly string[]; readonly train: readonly number[] };
  /** How many training examples have each label. */
  readonly labels?: { readonly names: readonly string[]; readonly train: readonly number[] };
  /** Mean and standard deviation of the training part's numbers. */
  readonly numbers?: readonly { readonly name: string; readonly mean: number; readonly std: number }[];
  /** Of tables; at most 200 are named. */
  readonly columns?: readonly { readonly name: string; readonly kind: string }[];
  readonly column_count?: number;
  /** What was done to each example, e.g. `normalize: standard`. */
  readonly features: readonly { readonly step: string; readonly summary: string }[];
}

export interface ExampleExhibit {
  readonly part: 'test' | 'validation' | 'train';
  /** Examples of the part, and how many of them were looked at. */
  readonly count: number;
  readonly looked: number;
  readonly columns?: readonly string[];
  /** Of images: `pixels` are `[height, width, channels]` bytes. */
  readonly image?: { readonly height: number; readonly width: number; readonly channels: number };
  /** By falling loss; mistakes, the least sure of the right ones, or the largest errors. */
  readonly list: readonly ShownExample[];
}

export interface ShownExample {
  readonly id: string;
  readonly truth: string;
  readonly prediction: string;
  readonly loss: number;
  /** Probability of the predicted class. */
  readonly confidence?: number;
  /** base64 of bytes. */
  readonly pixels?: string;
  /** One for each column; null is a missing value. */
  readonly values?: readonly (string | null)[];
}

export interface RankedClass {
  readonly name: string;
  readonly positives: number;
  /** `[false positive rate, true positive rate]`, and `[recall, precision]`: corners that a picture shows. */
  readonly roc: readonly (readonly [number, number])[];
  readonly precision_recall: readonly (readonly [number, number])[];
  readonly area: number;
  readonly average_precision: number;
}

export interface FilterExhibit {
  readonly layer: string;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** All filters of the layer; `values` has the first of them. */
  readonly count: number;
  /** `[filters shown, height, width, channels]`. */
  readonly values: readonly number[];
}

export interface MapExhibit {
  readonly layer: string;
  readonly height: number;
  readonly width: number;
  readonly count: number;
  readonly examples: readonly {
    readonly example: ShownExample;
    /** base64 of `[maps, height, width]` bytes: 0 is `low`, 255 is `high`. */
    readonly maps: string;
    readonly low: number;
    readonly high: number;
  }[];
}

export interface RegionExhibit {
  readonly names: readonly [string, string];
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  /** Cells along each side; `cells` go row by row, the second input rising. */
  readonly size: number;
  /** Class indices, or predicted numbers. */
  readonly cells: readonly number[];
  readonly points: readonly {
    readonly part: 'train' | 'test' | 'validation';
    readonly x: number;
    readonly y: number;
    readonly value: number;
  }[];
}

/** What stands in a run's folder; nothing where it is absent or damaged. */
export const readExhibits = (folder: string, problems: string[] = []): Exhibits | undefined =>
  readJson(folder, FILES.exhibits, problems, (found) => {
    const { format, data, layers } = found as Exhibits;
    return format === 1 && typeof data?.source === 'string' && Array.isArray(layers)
      ? (found as Exhibits)
      : undefined;
  });
