import { normal, streamKey, uniform } from '../../src/base/random.ts';
import { metrics } from '../../src/catalog/metrics/index.ts';
import { fitWhole, models } from '../../src/catalog/models/index.ts';
import { byFolds, byGroups, byStrata } from '../../src/data/folds.ts';
import {
  compareFolds,
  evaluateFolds,
  gathered,
  type OutOfFold,
  replicates,
} from '../../src/evaluate/index.ts';
import type { Interval } from '../../src/evaluate/intervals.ts';
import { normalQuantile } from '../../src/evaluate/special.ts';
import { predictionsOf } from '../predictions-of.ts';

/** Intervals of several quantities on data sets that are drawn, and what each should hold. */
export interface Study {
  readonly name: string;
  /** @returns by quantity */
  draw(draw: number): Readonly<Record<string, { readonly truth: number; readonly interval?: Interval }>>;
}

interface Rows {
  readonly count: number;
  readonly width: number;
  readonly x: Float32Array;
  readonly y: Int32Array | Float32Array;
}
type Model = (rows: Rows) => Float32Array;
type Learner = (rows: Rows, classes: boolean) => Model;

/** One of the baselines that mlx tries by default. */
const baseline =
  (name: string): Learner =>
  (rows, classes) => {
    const answers = { outputs: classes ? 2 : 1, form: classes ? 'classes' : 'numbers' } as const;
    const entry = models.get(name)!;
    const { state } = fitWhole(entry, { ...rows, ...answers, seed: 0 });
    return (other) => entry.predict(state, other, answers);
  };

/** By squared distance to the mean of each class: the most stable learner there is. */
const nearestMean: Learner = ({ count, width, x, y }) => {
  const [means, sizes] = [new Float64Array(2 * width), [0, 0]];
  for (let i = 0; i < count; i++) sizes[y[i]!]!++;
  for (let i = 0; i < count; i++)
    for (let j = 0; j < width; j++) means[y[i]! * width + j]! += x[i * width + j]! / sizes[y[i]!]!;
  return (other) => {
    const scores = new Float32Array(2 * other.count);
    for (let i = 0; i < other.count; i++) {
      let margin = 0;
      for (let j = 0; j < width; j++) {
        const v = other.x[i * width + j]!;
        margin += (v - means[j]!) ** 2 - (v - means[width + j]!) ** 2;
      }
      scores[2 * i + 1] = 1 / (1 + Math.exp(-margin / 2));
      scores[2 * i] = 1 - scores[2 * i + 1]!;
    }
    return scores;
  };
};

/** 1-NN: the least stable one. */
const nearest: Learner =
  ({ count, width, x, y }, classes) =>
  (other) => {
    const scores = new Float32Array((classes ? 2 : 1) * other.count);
    for (let i = 0; i < other.count; i++) {
      let [best, least] = [0, Number.POSITIVE_INFINITY];
      for (let r = 0; r < count; r++) {
        let d = 0;
        for (let j = 0; j < width; j++) d += (x[r * width + j]! - other.x[i * width + j]!) ** 2;
        if (d < least) [best, least] = [r, d];
      }
      if (classes) scores[2 * i + y[best]!] = 1;
      else scores[i] = y[best]!;
    }
    return scores;
  };

/** One hidden layer of 8 tanh units, trained by 60 epochs of gradient descent with momentum, one batch an epoch. */
export const network =
  (seed: number): Learner =>
  ({ count, width, x, y }, classes) => {
    const [hidden, rate, epochs] = [8, 0.5, 60];
    const key = streamKey(seed, 'cross-validation/network');
    const size = hidden * (width + 2) + 1;
    const w = Float64Array.from({ length: size }, (_, i) => normal(key, i) / Math.sqrt(2));
    const [gradient, moving] = [new Float64Array(size), new Float64Array(size)];
    const units = new Float64Array(hidden);
    const out = hidden * (width + 1);
    const at = (rows: Float32Array, i: number) => {
      let sum = w[size - 1]!;
      for (let h = 0; h < hidden; h++) {
        let into = w[h * (width + 1) + width]!;
        for (let j = 0; j < width; j++) into += w[h * (width + 1) + j]! * rows[i * width + j]!;
        units[h] = Math.tanh(into);
        sum += w[out + h]! * units[h]!;
      }
      return classes ? 1 / (1 + Math.exp(-sum)) : sum;
    };
    for (let epoch = 0; epoch < epochs; epoch++) {
      gradient.fill(0);
      for (let i = 0; i < count; i++) {
        const error = (at(x, i) - y[i]!) / count;
        gradient[size - 1]! += error;
        for (let h = 0; h < hidden; h++) {
          gradient[out + h]! += error * units[h]!;
          const back = error * w[out + h]! * (1 - units[h]! ** 2);
          gradient[h * (width + 1) + width]! += back;
          for (let j = 0; j < width; j++) gradient[h * (width + 1) + j]! += back * x[i * width + j]!;
        }
      }
      for (let k = 0; k < size; k++) {
        moving[k] = 0.9 * moving[k]! + gradient[k]!;
        w[k]! -= (classes ? rate : rate / 10) * moving[k]!;
      }
    }
    return (other) => {
      const scores = new Float32Array((classes ? 2 : 1) * other.count);
      for (let i = 0; i < other.count; i++) {
        const value = at(other.x, i);
        if (classes) scores.set([1 - value, value], 2 * i);
        else scores[i] = value;
      }
      return scores;
    };
  };

export const LEARNERS = {
  'small network': network(0),
  'nearest mean': nearestMean,
  '1-NN': nearest,
  'decision tree': baseline('decision_tree'),
  'logistic regression': baseline('logistic_regression'),
  ridge: baseline('ridge'),
} as const;

/** Points that fill the unit cube evenly (Roberts' generalized golden ratio): sums over them are as good as those of many more random ones. */
function lattice(count: number, dimensions: number): Float64Array[] {
  let ratio = 2;
  for (let i = 0; i < 40; i++) ratio = (1 + ratio) ** (1 / (dimensions + 1));
  return Array.from({ length: dimensions }, (_, j) =>
    Float64Array.from({ length: count }, (_, i) => (0.5 + (i + 1) * ratio ** -(j + 1)) % 1),
  );
}

const WIDTH = 2;
const FOLDS = 5;
const GROUP = 5;
type Kind = keyof typeof METRICS;

/** A row from its normal numbers and one even one. */
const MADE: Readonly<Record<Kind, (x: readonly number[], u: number) => { x: readonly number[]; y: number }>> =
  {
    // 40% are of the second class, whose mean is 1.2 further in each dimension.
    classes: (x, u) => (u < 0.4 ? { x: x.map((v) => v + 1.2), y: 1 } : { x, y: 0 }),
    // A bent plane, under noise that is skewed to one side.
    numbers([a, b], u) {
      const z = normalQuantile(u);
      return { x: [a!, b!], y: 2 * a! + Math.abs(b!) + z + 0.15 * z * z };
    },
  };
const METRICS = {
  classes: ['accuracy', 'f1', 'roc_auc'],
  numbers: ['mean_absolute_error', 'root_mean_squared_error', 'r2'],
} as const;

function rowsFrom(
  kind: Kind,
  count: number,
  x: (i: number, j: number) => number,
  u: (i: number) => number,
): Rows {
  const values = new Float32Array(count * WIDTH);
  const y = kind === 'classes' ? new Int32Array(count) : new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const made = MADE[kind](
      Array.from({ length: WIDTH }, (_, j) => x(i, j)),
      u(i),
    );
    values.set(made.x, i * WIDTH);
    y[i] = made.y;
  }
  return { count, width: WIDTH, x: values, y };
}

/** So many new rows that their metrics are a model's true ones, to about 0.001. */
const freshRows = (kind: Kind, count: number, scale: number): Rows => {
  const points = lattice(count, WIDTH + 1);
  return rowsFrom(
    kind,
    count,
    (i, j) => scale * normalQuantile(points[j]![i]!),
    (i) => points[WIDTH]![i]!,
  );
};

interface Design {
  readonly kind: Kind;
  readonly rows: number;
  /** Rows come in groups of 5 that lie together; folds keep them together. */
  readonly grouped?: boolean;
  /** Divisions into folds. */
  readonly repeats?: number;
}

/** k models: what they say of rows that they never trained on, and of fresh rows. */
interface Validated {
  readonly said: OutOfFold;
  readonly fresh: readonly ReturnType<typeof outputs>[];
}

const take = ({ width, x, y }: Rows, members: readonly number[]): Rows => ({
  count: members.length,
  width,
  x: Float32Array.from(members.flatMap((i) => [...x.subarray(i * width, (i + 1) * width)])),
  y:
    y instanceof Int32Array
      ? Int32Array.from(members, (i) => y[i]!)
      : Float32Array.from(members, (i) => y[i]!),
});

function outputs(scores: Float32Array, { y }: Rows) {
  const classes = y instanceof Int32Array;
  return predictionsOf({
    task: classes ? 'classification' : 'regression',
    scores,
    units: classes ? 2 : 1,
    truth: y,
    ...(classes && { classes: ['a', 'b'] }),
    decision: { kind: classes ? 'argmax' : 'value' },
  });
}

/** Squared errors; of classes those of the true one's score. */
const lossesOf = (p: ReturnType<typeof outputs>) =>
  Float32Array.from({ length: p.count }, (_, i) =>
    p.form === 'classes'
      ? (1 - p.scores[i * p.units + p.truth[i]!]!) ** 2
      : (p.scores[i]! - p.truth[i]!) ** 2,
  );

/** The rows of a draw and the group of each. */
function drawn({ kind, rows: n, grouped }: Design, draw: number): { rows: Rows; groups?: Uint32Array } {
  const key = streamKey(draw, 'cross-validation');
  const groupOf = (i: number) => Math.floor(i / GROUP);
  const at = (i: number, j: number) => (grouped ? normal(key, 2 ** 24 + groupOf(i) * WIDTH + j) : 0);
  const rows = rowsFrom(
    kind,
    n,
    (i, j) => normal(key, i * WIDTH + j) + at(i, j),
    (i) => uniform(key, i + 2 ** 20),
  );
  return { rows, ...(grouped && { groups: Uint32Array.from({ length: n }, (_, i) => groupOf(i)) }) };
}

/** As `split: { type: k_fold }` divides them; each repeat begins elsewhere. */
function foldsOf(rows: Rows, groups: Uint32Array | undefined, repeat: number): Uint16Array {
  const order = Uint32Array.from({ length: rows.count }, (_, i) => i);
  if (groups) return byGroups(groups, FOLDS, order.subarray(0, rows.count / GROUP), true);
  const key = streamKey(repeat, 'cross-validation/mixed');
  const mixed = (some: Uint32Array) =>
    repeat === 0 ? some : Uint32Array.from(some).sort((a, b) => uniform(key, a) - uniform(key, b));
  return rows.y instanceof Int32Array ? byStrata(rows.y, FOLDS, mixed) : byFolds(mixed(order), FOLDS);
}

function crossValidate(design: Design, learn: Learner, fresh: Rows, draw: number): Validated {
  const { rows, groups } = drawn(design, draw);
  const all = Array.from({ length: rows.count }, (_, i) => i);
  const parts = Array.from({ length: design.repeats ?? 1 }, (_, r) => foldsOf(rows, groups, r)).flatMap(
    (of) =>
      Array.from({ length: FOLDS }, (_, fold) => {
        const train = take(
          rows,
          all.filter((i) => of[i] !== fold),
        );
        const members = all.filter((i) => of[i] === fold);
        const tested = take(rows, members);
        const model = learn(train, design.kind === 'classes');
        const predictions = outputs(model(tested), tested);
        const units = members.map((i) => String(groups ? groups[i] : i));
        return { predictions, losses: lossesOf(predictions), units, fresh: outputs(model(fresh), fresh) };
      }),
  );
  return { said: gathered(parts), fresh: parts.map((part) => part.fresh) };
}

/** A quantity of the models at hand: of all that they say of fresh rows, of rankings the mean over the models. */
function truthOf({ fresh }: Validated, name: string): number {
  const all = gathered(
    fresh.map((predictions) => ({ predictions, losses: lossesOf(predictions), units: [] })),
  );
  if (name === 'loss') return all.losses!.reduce((a, b) => a + b, 0) / all.losses!.length;
  const { ranks, compute } = metrics.get(name)!;
  if (!ranks) return compute(all.predictions)!;
  return fresh.reduce((sum, p) => sum + compute(p)!, 0) / fresh.length;
}

const FRESH = 8192;

/** What `evaluateFolds` says of one learner. */
function coverageStudy(learner: keyof typeof LEARNERS, design: Design, points = FRESH): Study {
  const fresh = freshRows(design.kind, points, design.grouped ? Math.SQRT2 : 1);
  const names = ['loss', ...METRICS[design.kind]];
  const how = [
    design.repeats ? `${design.repeats} times ` : '',
    `${FOLDS} folds of ${design.rows} rows`,
    design.grouped ? ` in groups of ${GROUP}` : '',
  ].join('');
  return {
    name: `${how}, ${design.kind}, ${learner}`,
    draw(draw) {
      const validated = crossValidate(design, LEARNERS[learner], fresh, draw);
      const found = evaluateFolds(validated.said, METRICS[design.kind]);
      return Object.fromEntries(
        names.map((name) => [name, { truth: truthOf(validated, name), ...found[name] }]),
      );
    },
  };
}

/** What `compareFolds` says of two. */
function differenceStudy(
  first: keyof typeof LEARNERS,
  second: keyof typeof LEARNERS,
  design: Design,
  points = FRESH,
): Study {
  const fresh = freshRows(design.kind, points, design.grouped ? Math.SQRT2 : 1);
  const names = ['loss', ...METRICS[design.kind]];
  const how = `${FOLDS} folds of ${design.rows} rows${design.grouped ? ` in groups of ${GROUP}` : ''}`;
  return {
    name: `${how}, ${design.kind}, ${first} against ${second}`,
    draw(draw) {
      const [a, b] = [first, second].map((name) => crossValidate(design, LEARNERS[name]!, fresh, draw));
      return Object.fromEntries(
        names.map((name) => [
          name,
          { truth: truthOf(b!, name) - truthOf(a!, name), ...compareFolds(a!.said, b!.said, name) },
        ]),
      );
    },
  };
}

/** `seeds: N`: the same rows and test rows for all seeds of a network; what is asked for is the mean over all seeds. */
function seedStudy(seeds: number, draws: number): Study {
  const names = ['loss', 'accuracy', 'roc_auc'];
  const train = drawn({ kind: 'classes', rows: 60 }, 1).rows;
  const tested = drawn({ kind: 'classes', rows: 200 }, 2).rows;
  const scored = Array.from({ length: seeds * draws }, (_, seed) => {
    const p = outputs(network(seed)(train, true)(tested), tested);
    const loss = lossesOf(p).reduce((a, b) => a + b, 0) / p.count;
    return [loss, ...names.slice(1).map((name) => metrics.get(name)!.compute(p)!)];
  });
  const truth = names.map((_, k) => scored.reduce((sum, values) => sum + values[k]!, 0) / scored.length);
  return {
    name: `${seeds} seeds of a small network`,
    draw: (draw) =>
      Object.fromEntries(
        names.map((name, k) => {
          const values = scored.slice(draw * seeds, (draw + 1) * seeds).map((each) => each[k]!);
          return [name, { truth: truth[k]!, ...replicates(values, { method: 'student' }, [0, 1]) }];
        }),
      ),
  };
}

/** Made when they are asked for: fresh rows and seeds take their time. */
export const studies: readonly ((draws: number) => Study)[] = [
  () => coverageStudy('nearest mean', { kind: 'classes', rows: 100 }),
  () => coverageStudy('logistic regression', { kind: 'classes', rows: 100 }),
  () => coverageStudy('small network', { kind: 'classes', rows: 100 }),
  () => coverageStudy('nearest mean', { kind: 'classes', rows: 300 }),
  () => coverageStudy('small network', { kind: 'classes', rows: 300 }),
  () => coverageStudy('ridge', { kind: 'numbers', rows: 200 }),
  () => coverageStudy('small network', { kind: 'numbers', rows: 200 }),
  () => coverageStudy('nearest mean', { kind: 'classes', rows: 200, grouped: true }),
  () => coverageStudy('ridge', { kind: 'numbers', rows: 200, grouped: true }),
  () => coverageStudy('nearest mean', { kind: 'classes', rows: 100, repeats: 3 }),
  () => coverageStudy('ridge', { kind: 'numbers', rows: 200, repeats: 3 }),
  () => differenceStudy('nearest mean', 'small network', { kind: 'classes', rows: 100 }),
  () => differenceStudy('ridge', 'small network', { kind: 'numbers', rows: 200 }),
  () => differenceStudy('nearest mean', 'small network', { kind: 'classes', rows: 200, grouped: true }),
  (draws) => seedStudy(3, draws),
  (draws) => seedStudy(5, draws),
];

/** Learners that follow single rows: their losses aren't stable, and the intervals too narrow by up to a fifth. */
export const unstable: readonly (() => Study)[] = [
  () => coverageStudy('decision tree', { kind: 'classes', rows: 200 }),
  () => coverageStudy('decision tree', { kind: 'numbers', rows: 200 }),
  () => coverageStudy('1-NN', { kind: 'classes', rows: 100 }),
  () => coverageStudy('1-NN', { kind: 'numbers', rows: 100 }),
];

/** Cheap enough for tests. */
export const small: readonly ((draws: number) => Study)[] = [
  () => coverageStudy('nearest mean', { kind: 'classes', rows: 60 }, 1024),
  (draws) => seedStudy(5, draws),
];

/** By quantity, the share of draws whose interval holds the truth. */
export function studyCoverage(study: Study, draws: number): Record<string, number> {
  const held = new Map<string, number>();
  for (let d = 0; d < draws; d++)
    for (const [name, { truth, interval }] of Object.entries(study.draw(d))) {
      const one = interval && interval[0] <= truth && truth <= interval[1] ? 1 : 0;
      held.set(name, (held.get(name) ?? 0) + one);
    }
  return Object.fromEntries([...held].map(([name, count]) => [name, count / draws]));
}
