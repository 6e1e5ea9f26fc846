import { namedLikeKey } from '../../catalog/audits/audit.ts';
import { holdsRows } from '../../catalog/audits/groups.ts';
import { configError, dataError } from '../../errors.ts';
import { nearest } from '../../readers/table/nearest.ts';
import type { ColumnProfile, TableProfile } from '../../readers/table-profile.ts';

/** What a first config of a table says, with reasons. */
export interface Choice {
  readonly target: string;
  readonly guessed: boolean;
  readonly task: 'classification' | 'regression';
  readonly why: string;
  readonly classes: number;
  /**
   * Of a number far from 0 or in large units: what to subtract, and by what to divide, so that a network can
   * reach it.
   */
  readonly unit?: { readonly from: number; readonly by: number };
  /** Columns left out, with the reason. */
  readonly dropped: readonly { readonly name: string; readonly why: string }[];
  readonly lacksTarget: number;
  /** Levels of the target with too few rows for every part; the rows of the others stay. */
  readonly rare: readonly string[];
  readonly split: {
    readonly type: 'random' | 'group' | 'time';
    readonly column?: string;
    readonly why: string;
  };
  readonly validation: boolean;
  readonly numbers: readonly string[];
  /** Categories with few levels, and with too many for a column each. */
  readonly categories: readonly string[];
  readonly crowded: readonly string[];
  readonly texts: readonly string[];
  readonly missing: boolean;
  readonly rows: number;
}

const TARGETS = [
  'target',
  'label',
  'class',
  'y',
  'outcome',
  'species',
  'diagnosis',
  'survived',
  'response',
  'price',
  'rating',
];
const FEW_CLASSES = 10;
const MOST_CLASSES = 100;
/** A class needs a row in each of training, validation and test. */
const LEAST_ROWS = 3;
const CROWDED = 60;

/** @throws MlxError `no-such-column`, `target-kind`, `target-classes`, `no-columns` */
export function choose({ rows, columns }: TableProfile, wanted: string | undefined): Choice {
  const target = wanted === undefined ? guess(columns) : named(columns, wanted);
  const { task, why } = taskOf(target, rows);
  const present = rows - target.missing;
  const rare = task === 'classification' ? rareClasses(target) : [];
  const classes = task === 'classification' ? target.distinct - rare.length : 0;
  if (task === 'classification' && classes < 2)
    throw dataError(
      'target-classes',
      `\`${target.name}\` has ${classes === 1 ? 'one class' : 'no class'} with ${LEAST_ROWS} rows or more: there is nothing to learn`,
      {
        help: 'name another column with --target',
      },
    );
  if (present < 10)
    throw dataError(
      'data-small',
      `${present === 1 ? '1 row has' : `${present} rows have`} a target; a split into parts needs 10 at least`,
      {
        help: 'give a file with more rows',
      },
    );
  const others = columns.filter(({ name }) => name !== target.name);
  const split = splitOf(others, rows, classes);
  const dropped = others
    .filter(({ name }) => name !== split.column)
    .flatMap((column) => {
      const reason = uselessness(column, rows);
      return reason ? [{ name: column.name, why: reason }] : [];
    });
  const used = others.filter(({ name }) => name !== split.column && !dropped.some((d) => d.name === name));
  if (used.length === 0)
    throw dataError('no-columns', `there is no column to learn \`${target.name}\` from`, {
      help:
        dropped.length > 0
          ? `left out: ${listed(dropped.map(({ name, why: w }) => `${name} (${w})`))}`
          : 'give a file with more columns',
    });
  const of = (test: (column: ColumnProfile) => boolean) => used.filter(test).map(({ name }) => name);
  const isCategory = ({ kind }: ColumnProfile) => kind === 'category';
  return {
    target: target.name,
    guessed: wanted === undefined,
    task,
    why,
    classes,
    ...(task === 'regression' && unitOf(target)),
    dropped,
    lacksTarget: target.missing,
    rare,
    split,
    validation: present >= 200,
    numbers: of(({ kind }) => kind === 'number' || kind === 'date'),
    categories: of((c) => isCategory(c) && c.distinct <= CROWDED),
    crowded: of((c) => isCategory(c) && c.distinct > CROWDED),
    texts: of(({ kind }) => kind === 'text'),
    missing: used.some(({ kind, missing }) => missing > 0 && kind !== 'text'),
    rows: present,
  };
}

const listed = (names: readonly string[]) =>
  `${names.slice(0, 5).join(', ')}${names.length > 5 ? `, and ${names.length - 5} more` : ''}`;

function named(columns: readonly ColumnProfile[], wanted: string): ColumnProfile {
  const found = columns.find(({ name }) => name === wanted);
  if (found) return found;
  throw configError('no-such-column', `there is no column \`${wanted}\``, {
    help: nearest(
      wanted,
      columns.map(({ name }) => name),
    ),
  });
}

/** A column called like a target, else the last one that could be one. */
function guess(columns: readonly ColumnProfile[]): ColumnProfile {
  const possible = columns.filter(couldBeTarget);
  const called = TARGETS.map((name) => possible.find((column) => column.name.toLowerCase() === name)).find(
    Boolean,
  );
  const found = called ?? possible.at(-1);
  if (found) return found;
  throw dataError(
    'target-missing',
    'no column of the table could be a target: each is empty, constant, text or a date',
    {
      help: 'name one with --target, after a look at the file',
    },
  );
}

function couldBeTarget({ kind, usable, distinct, missing, top = [] }: ColumnProfile): boolean {
  if (!usable || distinct < 2 || kind === 'text' || kind === 'date') return false;
  const rows = missing + top.reduce((sum, { count }) => sum + count, 0);
  return kind === 'number' || (distinct <= MOST_CLASSES && rows >= 2 * distinct);
}

function taskOf({ name, kind, usable, distinct, numbers }: ColumnProfile, rows: number) {
  const help = 'name another column with --target';
  if (!usable || kind === 'date')
    throw dataError(
      'target-kind',
      `the target \`${name}\` is ${kind === 'date' ? 'a date' : 'no single value'}; expected a number or classes`,
      { help },
    );
  if (distinct < 2)
    throw dataError(
      'target-classes',
      `the target \`${name}\` is ${distinct === 0 ? 'empty' : 'always the same'}: there is nothing to learn`,
      { help },
    );
  if (kind === 'number') {
    const few = numbers?.whole && distinct <= FEW_CLASSES && rows >= 10 * distinct;
    return few
      ? ({
          task: 'classification',
          why: `${distinct} different whole numbers; \`task: regression\` where their distances count`,
        } as const)
      : ({ task: 'regression', why: 'a number' } as const);
  }
  if (distinct > MOST_CLASSES)
    throw dataError(
      'target-classes',
      `the target \`${name}\` has ${distinct} different texts, too many for classes`,
      { help },
    );
  return { task: 'classification', why: `${distinct} classes` } as const;
}

/** Powers of ten, so that the numbers stay readable; undefined where the values are near 0 already. */
function unitOf({ name, numbers }: ColumnProfile): Pick<Choice, 'unit'> {
  // A config can't have these as keys.
  if (!numbers || !(numbers.std > 0) || ['__proto__', 'constructor', 'prototype'].includes(name)) return {};
  const { mean, std } = numbers;
  const far = Math.abs(mean) > 5 * std;
  if (!far && std >= 0.1 && std <= 10) return {};
  const by = std >= 0.1 && std <= 10 ? 1 : 10 ** Math.round(Math.log10(std));
  return { unit: { from: far ? Number(mean.toPrecision(2)) : 0, by } };
}

/**
 * Complete only where all classes are among the most frequent values; otherwise the text doesn't stratify the
 * split.
 */
const rareClasses = ({ top = [], distinct }: ColumnProfile): string[] =>
  distinct > top.length ? [] : top.filter(({ count }) => count < LEAST_ROWS).map(({ value }) => value);

function splitOf(columns: readonly ColumnProfile[], rows: number, classes: number): Choice['split'] {
  const group = columns.find(
    ({ name, kind, usable, distinct, missing, numbers }) =>
      usable &&
      missing === 0 &&
      (kind === 'category' || (kind === 'number' && numbers?.whole)) &&
      holdsRows(name) &&
      distinct >= 10 &&
      rows >= 1.2 * distinct,
  );
  if (group)
    return {
      type: 'group',
      column: group.name,
      why: `several rows have the same ${comment(group.name)}: all of them go to one part`,
    };
  const dates = columns.filter(({ kind, missing }) => kind === 'date' && missing === 0);
  const [date] = dates;
  if (date?.numbers?.ordered && dates.length === 1 && date.distinct > rows / 10)
    return {
      type: 'time',
      column: date.name,
      why: `rows are in the order of ${comment(date.name)}: learned from the past, tested on the latest`,
    };
  return {
    type: 'random',
    why: classes > 0 ? 'the same shares of each class in every part' : 'drawn by the seed',
  };
}

/** A name that can't end a comment. */
export const comment = (name: string): string =>
  JSON.stringify(name)
    .slice(1, -1)
    .replace(/[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, '?');

/** Why a column can't help; undefined when it may. */
function uselessness(
  { name, kind, usable, distinct, missing, numbers }: ColumnProfile,
  rows: number,
): string | undefined {
  const present = rows - missing;
  if (!usable) return 'no single value';
  if (present === 0) return 'empty';
  if (distinct === 1 && missing === 0) return 'always the same';
  if (kind === 'category' && distinct > 0.9 * present && present >= 10)
    return 'another value in nearly every row';
  const unique = kind === 'number' && distinct === present && numbers?.whole && present >= 10;
  if (unique && (numbers?.rises || namedLikeKey(name))) return 'counts the rows';
  return undefined;
}
