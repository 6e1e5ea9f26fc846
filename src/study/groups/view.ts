/** A number with its interval, shown as `0.9 [0.8, 1.0]`; signed: `+0.1 [-0.1, +0.3]`. */
export interface Estimate {
  readonly value: number;
  readonly interval: readonly [number, number];
  readonly signed?: true;
}

/** Words with numbers in them, which the drawing code formats: a score as it is, a count as `{ count }`. */
export type Piece = string | number | { readonly count: number } | Estimate;
export type Phrase = readonly Piece[];

/**
 * One part of what a kind of group shows, as plain data. A new kind of section makes `tsc` list who has to
 * draw it.
 */
export type GroupSection =
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly Phrase[])[];
    }
  | {
      readonly kind: 'plot';
      /** What is drawn, by what: `accuracy by training rows`. */
      readonly title: string;
      readonly line: Series;
      readonly marks: Series;
    }
  | {
      readonly kind: 'notes';
      readonly rows: readonly { readonly label: string; readonly text: Phrase }[];
    };

export interface Series {
  readonly name: string;
  /** By x, ascending from above 0; both series have the same x. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export type SectionKind = GroupSection['kind'];

/** How a kind of group is shown. */
export interface GroupShown {
  /** In place of means. */
  readonly view?: GroupView;
  readonly words?: GroupWords;
}

/** What stands beside numbers that only some kinds have. */
export interface GroupWords {
  /** What the run is that stands apart from the means: in a line of a terminal, and on a page. */
  readonly apart: { readonly line: string; readonly page: string };
  /** What its metrics are of. */
  readonly apartMetrics: string;
  /** What metrics of pooled predictions are of, on a page. */
  readonly pooled: string;
  /** What a confusion matrix counts. */
  readonly confusion: string;
}

/** What a kind of group shows in place of means. */
export interface GroupView {
  /** Stands before the name: `learning curve of`. */
  readonly what: string;
  /** Stand behind the number of runs. */
  readonly facts: readonly string[];
  /** Ends the title. */
  readonly note: string;
  readonly sections: readonly GroupSection[];
}
