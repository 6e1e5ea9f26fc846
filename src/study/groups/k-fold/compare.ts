import { compareFolds, isMetric } from '../../../evaluate/index.ts';
import type { ComparedGroup, GroupTest } from '../kind.ts';
import { testRows } from '../same-rows.ts';
import { type FoldTables, readFolds } from './out-of-fold.ts';

const OTHER_ROWS = 'their test examples differ';

/** Two cross-validations, example by example, out of their folds; or why that can't be. */
export function compareRowByRow(a: ComparedGroup, b: ComparedGroup): GroupTest | string {
  if (a.result.runs !== b.result.runs) return `they have ${a.result.runs} and ${b.result.runs} folds`;
  if (!a.result.members.every((_, i) => testRows(a, i) === testRows(b, i))) return OTHER_ROWS;
  const [one, two] = [foldsOf(a), foldsOf(b)];
  if ('missing' in one) return `${a.label}: ${one.missing}`;
  if ('missing' in two) return `${b.label}: ${two.missing}`;
  const [first, second] = [one.outOfFold, two.outOfFold];
  if (first.predictions.form !== second.predictions.form) return 'they solve different tasks';
  if (!sameExamples(one, two)) return OTHER_ROWS;
  return (metric) => {
    const missing = metric === 'loss' ? !first.losses || !second.losses : !isMetric(metric);
    return missing ? undefined : compareFolds(first, second, metric);
  };
}

const sameExamples = (a: FoldTables, b: FoldTables): boolean =>
  a.examples.length === b.examples.length &&
  a.examples.every(({ ids, truth }, i) => {
    const other = b.examples[i];
    return ids.join() === other?.ids.join() && truth.join() === other.truth.join();
  });

const foldsOf = ({ members, result: { runs } }: ComparedGroup) =>
  readFolds(members.slice(0, runs).map(({ folder, id, result }) => ({ run: folder, label: id, result })));
