import * as z from 'zod';
import { Misfit } from '../../../base/misfit.ts';
import { thousands } from '../../../base/words.ts';
import { count, once } from '../../fields.ts';
import type { ApplyContext, FitRows, FittedText, OutColumn } from '../transform.ts';
import { overRows } from '../words.ts';
import { wordsOf } from './words-of.ts';

export interface CountParams {
  readonly max_features: number;
  readonly min_df: number;
  readonly max_df: number;
  readonly ngrams: readonly [number, number];
  readonly stop_words: readonly string[];
}

const documents = () =>
  z
    .number()
    .min(0)
    .refine((n) => n <= 1 || Number.isInteger(n), {
      error: 'expected a share up to 1 or a whole number of rows',
    });

/** Fields of scikit-learn's CountVectorizer. */
export const countFields = once(() =>
  z.strictObject({
    max_features: count()
      .max(100_000)
      .default(1000)
      .describe('largest number of words kept per column: the most frequent ones in the training rows'),
    min_df: documents()
      .default(1)
      .describe('training rows that must have the word: a share below 1, or a number from 1'),
    max_df: documents()
      .default(1)
      .describe('training rows that may have the word: a share up to 1, or a number above 1'),
    ngrams: z
      .tuple([count().max(5), count().max(5)])
      .refine(([least, most]) => least <= most, { error: 'expected the smaller number first' })
      .default([1, 1])
      .describe('[1, 2]: pairs of neighbouring words count as well'),
    stop_words: z.array(z.string().min(1)).default([]).describe('words that are left out, in lower case'),
  }),
);

type TextRules = Pick<FittedText, 'ngrams' | 'stop_words'>;

interface Found {
  /** How often it stands in all texts. */
  total: number;
  /** Texts that have it. */
  rows: number;
}

/**
 * Different words that are counted while a vocabulary is looked for; a map holds no more than twice as many.
 */
const MOST_WORDS = 8_000_000;

const tooManyWords = (column: string) =>
  new Misfit(
    'too-many-words',
    `\`${column}\` has more than ${thousands(MOST_WORDS)} different words and neighbours`,
    {
      field: 'ngrams',
      help: 'take fewer neighbours (`ngrams: [1, 1]`), or fewer rows (`- sample: 100000` in data.rows)',
    },
  );

/**
 * Words of each column that training rows have, in order of their code units, within the limits.
 * @throws Misfit `no-words`
 */
export function vocabulary(rows: FitRows, params: CountParams): { words: string[]; rows: number[] }[] {
  const columns = rows.columns ?? [];
  const found = columns.map(() => new Map<string, Found>());
  const row = new Float64Array(columns.length);
  for (let i = 0; i < rows.count; i++) {
    rows.row(i, row);
    columns.forEach(({ levels = [] }, j) => {
      const counts = tally(textOf(levels, row[j]!), params);
      for (const [word, times] of counts) {
        const known = found[j]!.get(word);
        if (known) {
          known.total += times;
          known.rows++;
        } else found[j]!.set(word, { total: times, rows: 1 });
      }
      if (found[j]!.size > MOST_WORDS) throw tooManyWords(columns[j]!.name);
    });
  }
  return found.map((words, j) => chosen(words, rows.count, params, columns[j]!.name));
}

function chosen(words: ReadonlyMap<string, Found>, count: number, params: CountParams, column: string) {
  const least = params.min_df < 1 ? params.min_df * count : params.min_df;
  const most = params.max_df <= 1 ? params.max_df * count : params.max_df;
  const kept = [...words].filter(([, { rows }]) => rows >= least && rows <= most);
  if (kept.length === 0)
    throw new Misfit(
      'no-words',
      `\`${column}\`: no word is left of ${words.size} in ${count} training rows`,
      {
        field: words.size > 0 ? 'min_df' : 'columns',
        help:
          words.size > 0
            ? 'loosen `min_df`, `max_df` or `stop_words`'
            : `leave it out: \`- drop: [${column}]\` in data.rows`,
      },
    );
  kept.sort(([a, x], [b, y]) => y.total - x.total || (a < b ? -1 : 1));
  const sorted = kept.slice(0, params.max_features).sort(([a], [b]) => (a < b ? -1 : 1));
  return { words: sorted.map(([word]) => word), rows: sorted.map(([, { rows }]) => rows) };
}

/** A missing text has no words. */
const textOf = (texts: readonly string[], code: number): string => (code >= 0 ? (texts[code] ?? '') : '');

/** How often each word stands in a text. */
function tally(text: string, { ngrams, stop_words: stop }: TextRules): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of wordsOf(text, ngrams, stop)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** The vocabularies with the rules that words were found by. */
export const fittedText = (
  vocabularies: FittedText['vocabularies'],
  { ngrams, stop_words }: CountParams,
): FittedText => ({ vocabularies, ngrams, stop_words });

/** A column for each word: `review:good`. */
export const wordColumns = (rows: FitRows, vocabularies: FittedText['vocabularies']): OutColumn[] =>
  vocabularies.flatMap((words, from) =>
    words.map((word): OutColumn => ({ name: `${rows.columns![from]!.name}:${word}`, kind: 'number', from })),
  );

export const wordSummary = (rows: FitRows, vocabularies: FittedText['vocabularies']): string =>
  `${vocabularies.map(({ length }) => `${length} words`).join(', ')} ${overRows(rows.count)}`;

/** Where each word's count goes; made once for a vocabulary, since rows come in small pieces. */
function slotsOf(words: readonly string[]): ReadonlyMap<string, number> {
  let slots = SLOTS.get(words);
  if (!slots) {
    slots = new Map(words.map((word, i) => [word, i]));
    SLOTS.set(words, slots);
  }
  return slots;
}
const SLOTS = new WeakMap<readonly string[], ReadonlyMap<string, number>>();

/** Counts `[count, words of all columns]`; words that aren't in the vocabulary count for nothing. */
export function countWords(
  text: FittedText,
  rows: Float64Array,
  count: number,
  context: ApplyContext | undefined,
): Float64Array {
  const { vocabularies } = text;
  const slots = vocabularies.map(slotsOf);
  const total = vocabularies.reduce((sum, words) => sum + words.length, 0);
  const out = new Float64Array(count * total);
  for (let i = 0; i < count; i++) {
    let at = i * total;
    vocabularies.forEach((words, j) => {
      const value = textOf(context?.texts?.[j] ?? [], rows[i * vocabularies.length + j]!);
      for (const [word, times] of tally(value, text)) {
        const slot = slots[j]!.get(word);
        if (slot !== undefined) out[at + slot] = times;
      }
      at += words.length;
    });
  }
  return out;
}
