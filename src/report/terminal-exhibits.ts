import type { Exhibit, ExhibitKind, ExhibitOf } from '../protocol/exhibits.ts';
import { confusionLines, MOST_CLASSES, mistakesText } from './confusion.ts';
import { rateLines } from './rates.ts';
import type { Row } from './row.ts';

/** How a kind looks in a terminal of 80 columns: labelled lines among the results, and lines below them. */
interface Draw<K extends ExhibitKind> {
  rows(exhibit: ExhibitOf<K>): readonly Row[];
  lines(exhibit: ExhibitOf<K>): readonly string[];
}

/** Of what needs a picture. */
const nothing = { rows: () => [], lines: () => [] };

const TERMINAL: { readonly [K in ExhibitKind]: Draw<K> } = {
  rates: { rows: () => [], lines: ({ noun, rows }) => rateLines(rows, noun) },
  confusion: {
    rows(confusion) {
      const text = mistakesText(confusion);
      return text === '' ? [] : [{ label: 'mistakes', text }];
    },
    lines: (confusion) =>
      confusion.classes.length <= MOST_CLASSES
        ? ['confusion: rows are truth, columns prediction', ...confusionLines(confusion)]
        : [],
  },
  scatter: nothing,
  examples: nothing,
  ranking: nothing,
  reliability: nothing,
  regions: nothing,
  layers: nothing,
  filters: nothing,
  maps: nothing,
  dataset: nothing,
};

const drawOf = <K extends ExhibitKind>(exhibit: ExhibitOf<K>): Draw<K> | undefined =>
  TERMINAL[exhibit.kind as K];

/** Labelled lines of all exhibits, in their order. */
export const exhibitRows = (exhibits: readonly Exhibit[]): Row[] =>
  exhibits.flatMap((exhibit) => drawOf(exhibit)?.rows(exhibit) ?? []);

/** A block of lines for each exhibit that has some. */
export const exhibitBlocks = (exhibits: readonly Exhibit[]): (readonly string[])[] =>
  exhibits.map((exhibit) => drawOf(exhibit)?.lines(exhibit) ?? []).filter((lines) => lines.length > 0);
