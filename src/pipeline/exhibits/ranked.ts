import { reliability } from '../../catalog/metrics/expected-calibration-error.ts';
import { countsOf, labelOf } from '../../catalog/metrics/index.ts';
import type { Predictions } from '../../catalog/metrics/metric.ts';
import { eachGroup, even, rank } from '../../catalog/metrics/scores.ts';
import { takeRows } from '../../evaluate/index.ts';
import type { Exhibits, RankedClass } from '../../record/index.ts';

type Point = readonly [number, number];

/** Classes of which curves are drawn; the most frequent ones where there are more. */
const MOST_CLASSES = 20;
/** How far a picture's line may be from the curve, in units of its axes. */
const FINE = 0.001;
const BINS = 10;
/** Scores that are sorted; of more examples, spread evenly, so many. */
const MOST_SCORES = 4_000_000;

/** Curves of each class's or label's ranking, and how sure predictions are; where scores tell neither, nothing. */
export function ranked(p: Predictions): Pick<Exhibits, 'ranked' | 'reliability'> {
  if (!p.classes && !p.labels) return {};
  const counts = countsOf(p).map(({ tp, fn }) => tp + fn);
  const all = p.classes?.length === 2 ? [1] : [...counts.keys()];
  const shown = all
    .filter((k) => counts[k]! > 0 && counts[k]! < p.count)
    .sort((a, b) => counts[b]! - counts[a]!)
    .slice(0, MOST_CLASSES)
    .sort((a, b) => a - b);
  const most = Math.max(1000, Math.floor(MOST_SCORES / Math.max(1, shown.length)));
  const every = Math.ceil(p.count / most);
  const rows = Uint32Array.from({ length: Math.ceil(p.count / every) }, (_, i) => i * every);
  const some = every === 1 ? p : takeRows(p, rows);
  return {
    ranked: shown.map((k) =>
      p.labels ? curvesOf(labelOf(some, k), 1, p.labels[k]!) : curvesOf(some, k, p.classes![k]!),
    ),
    ...(p.margins ? {} : { reliability: reliability(p, BINS) }),
  };
}

function curvesOf(p: Predictions, k: number, name: string): RankedClass {
  const ranking = rank(p, k);
  const positives = ranking.positive.reduce((sum, one) => sum + one, 0);
  const negatives = p.count - positives;
  const roc: Point[] = [[0, 0]];
  const precisionRecall: Point[] = [];
  let [hits, alarms, area, average] = [0, 0, 0, 0];
  // Where only the others go on, both curves run straight; where only the class does, the first one. Corners are enough.
  let way = 'mixed';
  eachGroup(ranking, even(p), (right, wrong) => {
    const now = right === 0 ? 'wrong' : wrong === 0 ? 'right' : 'mixed';
    if (now === way && way !== 'mixed') {
      if (roc.length > 1) roc.pop();
      if (way === 'wrong') precisionRecall.pop();
    }
    way = now;
    area += wrong * (hits + right / 2);
    hits += right;
    alarms += wrong;
    average += (right / positives) * (hits / (hits + alarms));
    roc.push([alarms / negatives, hits / positives]);
    precisionRecall.push([hits / positives, hits / (hits + alarms)]);
  });
  return {
    name,
    positives,
    roc: thinned(roc),
    precision_recall: thinned(precisionRecall),
    area: area / (positives * negatives),
    average_precision: average,
  };
}

/** Fewer corners of the same line (Ramer 1972, Douglas and Peucker 1973), rounded to what a picture shows. */
export function thinned(points: readonly Point[], fine = FINE): Point[] {
  const keep = new Uint8Array(points.length);
  keep[0] = keep[points.length - 1] = 1;
  const open: [number, number][] = [[0, points.length - 1]];
  for (let range = open.pop(); range; range = open.pop()) {
    const [from, to] = range;
    const [[x1, y1], [x2, y2]] = [points[from]!, points[to]!];
    const length = Math.hypot(x2 - x1, y2 - y1);
    let [worst, far] = [-1, fine];
    for (let i = from + 1; i < to; i++) {
      const [x, y] = points[i]!;
      const away =
        length === 0
          ? Math.hypot(x - x1, y - y1)
          : Math.abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length;
      if (away > far) [worst, far] = [i, away];
    }
    if (worst < 0) continue;
    keep[worst] = 1;
    open.push([from, worst], [worst, to]);
  }
  const round = (value: number) => Math.round(value * 1e4) / 1e4;
  return points.filter((_, i) => keep[i]).map(([x, y]) => [round(x), round(y)]);
}
