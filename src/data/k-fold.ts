import { inOrder } from '../base/order.ts';
import { shuffled, streamKey } from '../base/random.ts';
import { classesOf } from '../catalog/tasks/index.ts';
import type { SplitConfig } from '../config/config.ts';
import { dataError } from '../errors.ts';
import type { RawData } from '../readers/raw-data.ts';
import { byFolds, byGroups, byStrata, byStratifiedGroups } from './folds.ts';
import { keysOf } from './split-keys.ts';
import { PART, rowsOfParts, type Split } from './split-rows.ts';

const AT = { path: ['data', 'split'] } as const;

/** Splits some rows by another strategy: `splitRows`. */
type Draw = (raw: RawData, split: SplitConfig, seed: number) => Split;

/**
 * One of k folds is tested, the others train: scikit-learn's KFold, StratifiedKFold, GroupKFold and
 * StratifiedGroupKFold. A test part that is asked for is set aside first, as the other strategies draw it,
 * and no fold has any of its rows; the fold `final` trains on all folds and is tested on that part.
 * Validation is carved out of the training rows.
 * @throws MlxError `split-folds`, `split-groups`, `class-too-small`
 */
export function splitByFolds(raw: RawData, split: SplitConfig, seed: number, draw: Draw): Split {
  const folds = split.folds!;
  const apart = {
    ...split,
    train: null,
    validation: 0,
    type: raw.keys ? ('group' as const) : ('random' as const),
  };
  const kept = split.test ? draw(raw, { ...apart, test: split.test }, seed) : undefined;
  const rows = kept?.train ?? inOrder(raw.count);
  const tested = testedRows(rows, kept?.test, split.fold ?? 1, () => foldsOf(raw, rows, split, seed));
  const parts = new Uint8Array(raw.count).fill(PART.none!);
  for (const row of rows) parts[row] = PART.train!;
  for (const row of tested) parts[row] = PART.test!;
  if (split.validation > 0) {
    const training = rows.filter((row) => parts[row] === PART.train);
    const carved = draw(rowsOf(raw, training), { ...apart, test: split.validation }, seed);
    for (const i of carved.test) parts[training[i]!] = PART.validation!;
  }
  const made = rowsOfParts(parts);
  if (made.train.length === 0)
    throw dataError('split-empty', `fold ${split.fold ?? 1} of ${folds} leaves no row for training`, {
      ...AT,
      help: 'lower `validation` or `test`',
    });
  return made;
}

function testedRows(
  rows: Uint32Array,
  kept: Uint32Array | undefined,
  fold: number | 'final',
  folds: () => Uint16Array,
): Uint32Array {
  if (fold === 'final') return kept ?? new Uint32Array();
  const of = folds();
  return rows.filter((_, i) => of[i] === fold - 1);
}

/** The fold of each of some rows, from 0. */
export function foldsOf(raw: RawData, rows: Uint32Array, split: SplitConfig, seed: number): Uint16Array {
  const folds = split.folds!;
  const key = streamKey(seed, 'split/folds');
  const mixed = (order: Uint32Array) => (split.shuffle ? shuffled(order, key) : order);
  const classes = split.stratify ? classesOf(raw.target) : undefined;
  if (rows.length < folds)
    throw dataError('split-folds', `${folds} folds need ${folds} rows or more, there are ${rows.length}`, {
      ...AT,
      help: 'lower `folds`',
    });
  if (classes) checkClasses(raw, rows, classes, folds);
  const labels = classes && Int32Array.from(rows, (row) => raw.y[row]!);
  if (raw.keys) {
    const groups = groupsOf(raw, rows);
    const count = groups.reduce((most, group) => Math.max(most, group), -1) + 1;
    if (count < folds)
      throw dataError(
        'split-groups',
        `there ${count === 1 ? 'is 1 group' : `are ${count} groups`} of \`${split.column}\`; ${folds} folds need ${folds}`,
        { ...AT, help: `lower \`folds\`${count < 2 ? ', or split by another column' : ` to ${count}`}` },
      );
    const order = mixed(inOrder(count));
    return labels
      ? byStratifiedGroups(groups, labels, folds, order)
      : byGroups(groups, folds, order, split.shuffle !== true);
  }
  return labels ? byStrata(labels, folds, mixed) : byFolds(mixed(inOrder(rows.length)), folds);
}

/** Groups of the rows, numbered anew without gaps, in the order of their old numbers. */
function groupsOf(raw: RawData, rows: Uint32Array): Uint32Array {
  const groups = keysOf(raw.keys!, rows);
  const index = new Map(Array.from(new Set(groups.toSorted()), (group, i) => [group, i]));
  return Uint32Array.from(groups, (group) => index.get(group)!);
}

/** The data that the other strategies look at, for some rows only. */
function rowsOf(raw: RawData, rows: Uint32Array): RawData {
  const { keys, train: _, file: __, ...plain } = raw;
  const y = classesOf(raw.target) ? Int32Array.from(rows, (row) => raw.y[row]!) : raw.y;
  if (!keys) return { ...plain, count: rows.length, y };
  return { ...plain, count: rows.length, y, keys: keysOf(keys, rows) };
}

function checkClasses(raw: RawData, rows: Uint32Array, classes: readonly string[], folds: number): void {
  const counts = new Float64Array(classes.length);
  for (const row of rows) counts[raw.y[row]!] = counts[raw.y[row]!]! + 1;
  const small = counts.findIndex((count) => count > 0 && count < folds);
  if (small < 0) return;
  const count = counts[small]!;
  throw dataError(
    'class-too-small',
    `class ${classes[small]} has ${count} example${count === 1 ? '' : 's'}; ${folds} stratified folds need ${folds}`,
    {
      ...AT,
      help: `lower \`folds\`${count > 1 ? ` to ${count}` : ''}, split without \`stratify\`, or add examples of that class`,
    },
  );
}
