import { quantile } from '../base/quantile.ts';
import { normal, streamKey } from '../base/random.ts';
import { directionOf, rangeOf } from './compare-metrics.ts';
import { type Interval, moments, Z } from './intervals.ts';

/** A score with its 95% interval from the examples that it is of. */
interface Score {
  readonly value: number;
  readonly interval?: Interval;
}

/** What runs on one share of the training rows reached, one entry a seed. */
export interface CurveSize {
  /** Training rows. */
  readonly rows: number;
  readonly train: readonly Score[];
  readonly validation: readonly Score[];
}

interface Estimate {
  readonly value: number;
  /** 95%. */
  readonly interval: Interval;
}

export interface LearningCurve {
  readonly metric: string;
  readonly direction: 'higher' | 'lower';
  readonly seeds: number;
  /** Mean scores; the intervals hold both the chance of seeds and that of examples. */
  readonly points: readonly {
    readonly rows: number;
    readonly train: Estimate;
    readonly validation: Estimate;
  }[];
  /** How much better the training score is than validation's, with all rows. */
  readonly gap: Estimate;
  /** How far the training score is from the best that there is; null where a metric has no best. */
  readonly shortfall: Estimate | null;
  /** validation = c + a (rows / all rows)^-b; null with fewer than four sizes. */
  readonly fit: { readonly a: number; readonly b: number; readonly c: number } | null;
  /** What more rows would bring by that fit, positive where better. */
  readonly gains: readonly {
    readonly times: number;
    readonly rows: number;
    readonly score: number;
    readonly gain: Estimate;
  }[];
  readonly evidence: {
    readonly high_variance: boolean;
    readonly high_bias: boolean;
    /** Of twice the rows; null where too few sizes were trained to tell. */
    readonly more_data: boolean | null;
    /** The least rows are trained on worse than all of them: they got too few steps. */
    readonly undertrained: boolean;
  };
  readonly verdict:
    | 'more_data'
    | 'larger_model'
    | 'more_data_and_larger_model'
    | 'less_variance'
    | 'no_evidence';
}

const DRAWS = 1000;
/** Exponents that are tried. */
const EXPONENTS = Array.from({ length: 39 }, (_, i) => 0.1 + 0.05 * i);
/** Fewer sizes leave the three numbers of the fit no freedom. */
const LEAST_SIZES = 4;

/**
 * Reads a learning curve: whether the error is bias (training falls short as well) or variance (training is
 * much better than validation), and what more rows would bring by an inverse power law (Cortes et al. 1993),
 * whose uncertainty comes from refitting scores that are drawn about those found (parametric bootstrap,
 * seeded). Nothing is claimed that isn't beyond the noise of seeds.
 * @param sizes by rows, ascending; at least one, each with a score of every seed
 */
export function readCurve(metric: string, sizes: readonly CurveSize[]): LearningCurve {
  const direction = directionOf(metric);
  const sign = direction === 'higher' ? 1 : -1;
  const [low, high] = rangeOf(metric);
  const best = sign > 0 ? high : low;
  const clamp = (value: number) => Math.min(high, Math.max(low, value));
  const validation = summed(sizes.map((size) => size.validation));
  const train = summed(sizes.map((size) => size.train));
  const shown = ({ mean, chance, examples }: Summed): Estimate =>
    around(mean, Math.hypot(chance, examples), clamp);
  const [full, fullTrain] = [validation.at(-1)!, train.at(-1)!];

  const last = sizes.at(-1)!;
  const gaps = last.train.map(({ value }, i) => sign * (value - last.validation[i]!.value));
  const apart = gaps.length > 1 ? moments(gaps).deviation / Math.sqrt(gaps.length) : 0;
  const gap = around(meanOf(gaps), Math.hypot(apart, full.examples, fullTrain.examples));
  const shortfall = Number.isFinite(best)
    ? around(sign * (best - fullTrain.mean), Math.hypot(fullTrain.chance, fullTrain.examples), (x) =>
        Math.max(0, x),
      )
    : null;

  const rows = sizes.map((size) => size.rows);
  const found = sizes.length >= LEAST_SIZES ? fitted(rows, validation) : null;
  const gains = found ? [2, 4].map((times) => gainOf(times, rows.at(-1)!, found, { sign, clamp, full })) : [];
  const noise = Z * chanceOf(full);
  const more = gains[0] ? gains[0].gain.interval[0] > 0 && gains[0].gain.value > noise : null;

  const variance = gap.interval[0] > 0;
  const bias =
    shortfall !== null &&
    shortfall.interval[0] > 0 &&
    shortfall.value > Math.max(0, gap.value) &&
    shortfall.value > noise;
  const first = train[0]!;
  const undertrained =
    sizes.length > 1 &&
    sign * (fullTrain.mean - first.mean) > Z * Math.hypot(chanceOf(first), chanceOf(fullTrain));
  return {
    metric,
    direction,
    seeds: last.validation.length,
    points: sizes.map((size, i) => ({
      rows: size.rows,
      train: shown(train[i]!),
      validation: shown(validation[i]!),
    })),
    gap,
    shortfall,
    fit: found ? found.best : null,
    gains,
    evidence: { high_variance: variance, high_bias: bias, more_data: more, undertrained },
    verdict: verdictOf(variance, bias, more === true),
  };
}

function verdictOf(variance: boolean, bias: boolean, more: boolean): LearningCurve['verdict'] {
  if (bias) return more ? 'more_data_and_larger_model' : 'larger_model';
  if (more) return 'more_data';
  return variance ? 'less_variance' : 'no_evidence';
}

interface Summed {
  readonly mean: number;
  /** Standard error from seeds; 0 with a single one. */
  readonly chance: number;
  /** Standard error from the examples that were scored, which all seeds have in common. */
  readonly examples: number;
}

/**
 * What moves a score from one training to the next; with a single seed only the examples tell of any noise.
 */
const chanceOf = ({ chance, examples }: Summed): number => (chance > 0 ? chance : examples);

/**
 * A few seeds tell little of their spread: each size's variance is drawn towards that of all sizes, as if by
 * two seeds more.
 */
function summed(sizes: readonly (readonly Score[])[]): Summed[] {
  const spread = sizes.map((scores) => (scores.length > 1 ? moments(values(scores)).deviation ** 2 : 0));
  const pooled = meanOf(spread);
  return sizes.map((scores, i) => {
    const n = scores.length;
    const variance = n > 1 ? (spread[i]! * (n - 1) + pooled * 2) / (n + 1) : 0;
    const halves = scores.flatMap(({ interval }) => (interval ? [(interval[1] - interval[0]) / 2 / Z] : []));
    return {
      mean: meanOf(values(scores)),
      chance: Math.sqrt(variance / n),
      examples: halves.length > 0 ? meanOf(halves) : 0,
    };
  });
}

const values = (scores: readonly Score[]): number[] => scores.map(({ value }) => value);
const meanOf = (all: readonly number[]): number => all.reduce((a, b) => a + b, 0) / all.length;

const around = (value: number, error: number, clamp = (x: number) => x): Estimate => ({
  value,
  interval: [clamp(value - Z * error), clamp(value + Z * error)],
});

interface Power {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}
interface Fitted {
  readonly best: Power;
  /** Of scores drawn about those that were found. */
  readonly drawn: readonly Power[];
}

function fitted(rows: readonly number[], scores: readonly Summed[]): Fitted {
  const shares = rows.map((n) => n / rows.at(-1)!);
  const ys = scores.map(({ mean }) => mean);
  // Equal scores of all seeds don't mean that there is no chance.
  const least = 1e-9 + 1e-6 * Math.max(...ys.map(Math.abs));
  const errors = scores.map((s) => Math.max(least, chanceOf(s)));
  const best = powerLaw(shares, ys, errors);
  const misfit = best.squares / (ys.length - 3);
  const wide = errors.map((e) => e * Math.sqrt(Math.max(1, misfit)));
  const drawn = Array.from({ length: DRAWS }, (_, d) => {
    const key = streamKey(0, 'evaluate/learning-curve', d);
    return powerLaw(
      shares,
      ys.map((y, i) => y + wide[i]! * normal(key, i)),
      errors,
    );
  });
  return { best: { a: best.a, b: best.b, c: best.c }, drawn };
}

/** Weighted least squares: c and a in closed form for each exponent, the best of which is taken. */
function powerLaw(
  shares: readonly number[],
  ys: readonly number[],
  errors: readonly number[],
): Power & { readonly squares: number } {
  let best = { a: 0, b: EXPONENTS[0]!, c: ys.at(-1)!, squares: Number.POSITIVE_INFINITY };
  for (const b of EXPONENTS) {
    let [w, wx, wy, wxx, wxy] = [0, 0, 0, 0, 0];
    shares.forEach((share, i) => {
      const [x, weight] = [share ** -b, errors[i]! ** -2];
      w += weight;
      wx += weight * x;
      wy += weight * ys[i]!;
      wxx += weight * x * x;
      wxy += weight * x * ys[i]!;
    });
    const a = (w * wxy - wx * wy) / (w * wxx - wx * wx);
    const c = (wy - a * wx) / w;
    const squares = shares.reduce(
      (sum, share, i) => sum + ((ys[i]! - c - a * share ** -b) / errors[i]!) ** 2,
      0,
    );
    if (squares < best.squares) best = { a, b, c, squares };
  }
  return best;
}

function gainOf(
  times: number,
  all: number,
  { best, drawn }: Fitted,
  { sign, clamp, full }: { sign: number; clamp(x: number): number; full: Summed },
): LearningCurve['gains'][number] {
  const gain = ({ a, b }: Power) => sign * (clamp(full.mean + a * (times ** -b - 1)) - full.mean);
  const sorted = Float64Array.from(drawn, gain).sort();
  const value = gain(best);
  const interval: Interval = [
    Math.min(value, quantile(sorted, 0.025)),
    Math.max(value, quantile(sorted, 0.975)),
  ];
  return { times, rows: Math.round(times * all), score: full.mean + sign * value, gain: { value, interval } };
}
