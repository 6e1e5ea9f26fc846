import { inOrder } from '../../base/order.ts';
import type { Ranking, RankingExhibit, ReliabilityExhibit } from '../../protocol/exhibits.ts';
import type { ClassPredictions, ClassScores, LabelPredictions } from '../../protocol/predictions.ts';
import { countsOf } from './confusion.ts';
import { reliability } from './expected-calibration-error.ts';
import { labelOf } from './labels.ts';
import { rank } from './scores.ts';
import { takeRows } from './take-rows.ts';

type Point = readonly [number, number];

/** Classes of which curves are drawn; the most frequent ones where there are more. */
const MOST_CLASSES = 20;
/** How far a picture's line may be from the curve, in units of its axes. */
const FINE = 0.001;
const BINS = 10;
/** Scores that are sorted; of more examples, spread evenly, so many. */
const MOST_SCORES = 4_000_000;

/** Of classes, each against the rest; of two only the second. */
export const rankingOfClasses = (p: ClassPredictions): RankingExhibit => ({
  kind: 'ranking',
  noun: 'class',
  each: 'Each class against the rest',
  lines: linesOf(p, p.classes.length === 2 ? [1] : [...p.classes.keys()], (some, k) =>
    curvesOf(some, k, p.classes[k]!),
  ),
});

export const rankingOfLabels = (p: LabelPredictions): RankingExhibit => ({
  kind: 'ranking',
  noun: 'label',
  each: 'Each label',
  lines: linesOf(p, [...p.labels.keys()], (some, k) => curvesOf(labelOf(some, k), 1, p.labels[k]!)),
});

/** How sure predictions are; margins tell nothing of it. */
export const reliabilityOf = (p: ClassPredictions | LabelPredictions): ReliabilityExhibit[] =>
  p.margins ? [] : [{ kind: 'reliability', bins: reliability(p, BINS) }];

/** Curves of those outputs that some examples have and others haven't. */
function linesOf<P extends ClassPredictions | LabelPredictions>(
  p: P,
  outputs: readonly number[],
  curves: (some: P, output: number) => Ranking,
): Ranking[] {
  const counts = countsOf(p).map(({ tp, fn }) => tp + fn);
  const shown = outputs
    .filter((k) => counts[k]! > 0 && counts[k]! < p.count)
    .sort((a, b) => counts[b]! - counts[a]!)
    .slice(0, MOST_CLASSES)
    .sort((a, b) => a - b);
  const most = Math.max(1000, Math.floor(MOST_SCORES / Math.max(1, shown.length)));
  const every = Math.ceil(p.count / most);
  const rows = () => inOrder(Math.ceil(p.count / every)).map((i) => i * every);
  const some = every === 1 ? p : takeRows(p, rows());
  return shown.map((k) => curves(some, k));
}

function curvesOf(p: ClassScores, k: number, name: string): Ranking {
  const { ends, positive } = rank(p, k);
  let positives = 0;
  for (let i = 0; i < positive.length; i++) positives += positive[i]!;
  const negatives = p.count - positives;
  // Corners of both curves; lists of pairs would cost most of the time.
  const [roc, precisionRecall] = [cornersFor(ends.length + 1), cornersFor(ends.length)];
  put(roc, 0, 0);
  let [hits, alarms, area, average] = [0, 0, 0, 0];
  // Where only the others go on, both curves run straight; where only the class does, the first one. Corners
  // are enough.
  let way = 0;
  for (let g = 0, i = 0; g < ends.length; g++) {
    let right = 0;
    const from = i;
    for (const end = ends[g]!; i < end; i++) right += positive[i]!;
    const wrong = i - from - right;
    const now = right === 0 ? -1 : wrong === 0 ? 1 : 0;
    if (now === way && way !== 0) {
      if (roc.count > 1) roc.count--;
      if (way < 0) precisionRecall.count--;
    }
    way = now;
    area += wrong * (hits + right / 2);
    hits += right;
    alarms += wrong;
    average += (right / positives) * (hits / (hits + alarms));
    put(roc, alarms / negatives, hits / positives);
    put(precisionRecall, hits / positives, hits / (hits + alarms));
  }
  return {
    name,
    positives,
    roc: thinned(roc),
    precision_recall: thinned(precisionRecall),
    area: area / (positives * negatives),
    average_precision: average,
  };
}

/** The first `count` points of a line. */
export interface Line {
  readonly x: Float64Array;
  readonly y: Float64Array;
  count: number;
}

const cornersFor = (most: number): Line => ({
  x: new Float64Array(most),
  y: new Float64Array(most),
  count: 0,
});

function put(line: Line, x: number, y: number): void {
  line.x[line.count] = x;
  line.y[line.count++] = y;
}

/** Fewer corners of the same line (Ramer 1972, Douglas and Peucker 1973), rounded to what a picture shows. */
export function thinned({ x, y, count }: Line, fine = FINE): Point[] {
  const last = count - 1;
  const keep = new Uint8Array(count);
  keep[0] = keep[last] = 1;
  const open = [0, last];
  while (open.length > 0) {
    const to = open.pop()!;
    const from = open.pop()!;
    const [x1, y1] = [x[from]!, y[from]!];
    const [dx, dy] = [x[to]! - x1, y[to]! - y1];
    const length = Math.hypot(dx, dy);
    let [worst, far] = [-1, fine];
    for (let i = from + 1; i < to; i++) {
      const away =
        length === 0
          ? Math.hypot(x[i]! - x1, y[i]! - y1)
          : Math.abs(dx * (y1 - y[i]!) - (x1 - x[i]!) * dy) / length;
      if (away > far) {
        worst = i;
        far = away;
      }
    }
    if (worst < 0) continue;
    keep[worst] = 1;
    open.push(from, worst, worst, to);
  }
  const round = (value: number) => Math.round(value * 1e4) / 1e4;
  const found: Point[] = [];
  for (let i = 0; i <= last; i++) if (keep[i]) found.push([round(x[i]!), round(y[i]!)]);
  return found;
}
