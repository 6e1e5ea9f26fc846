import type { Exhibit, ExhibitKind, ExhibitOf } from '../protocol/exhibits.ts';
import { MOST_CLASSES, mistakeLabel, mistakes } from './confusion.ts';
import { escapeText } from './escape.ts';
import { cell, firstToTheLeft, table } from './markdown-table.ts';
import { rateCells, shownRates } from './rates.ts';

type Draw<K extends ExhibitKind> = (exhibit: ExhibitOf<K>) => readonly string[];

/** Of what needs a picture: it is in the report. */
const nothing = () => [];

const MARKDOWN: { readonly [K in ExhibitKind]: Draw<K> } = {
  rates({ noun, rows }) {
    const cells = rateCells(shownRates(rows), noun);
    return table(cells, firstToTheLeft(cells));
  },
  confusion(confusion) {
    const { classes, counts } = confusion;
    if (classes.length > MOST_CLASSES) {
      const top = mistakes(confusion).slice(0, MOST_CLASSES);
      return [`Most frequent mistakes: ${top.map((m) => cell(mistakeLabel(m))).join(', ')}`];
    }
    const head = ['truth \\ prediction', ...classes.map(escapeText)];
    const body = counts.map((row, i) => [escapeText(classes[i] ?? ''), ...row.map(String)]);
    return table([head, ...body], ['---', ...classes.map(() => '---:')]);
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

const draw = <K extends ExhibitKind>(exhibit: ExhibitOf<K>): readonly string[] =>
  MARKDOWN[exhibit.kind as K]?.(exhibit) ?? [];

/** Lines of all exhibits in their order, an empty line behind each. */
export const exhibitMarkdown = (exhibits: readonly Exhibit[]): string[] =>
  exhibits.flatMap((exhibit) => {
    const lines = draw(exhibit);
    return lines.length > 0 ? [...lines, ''] : [];
  });
