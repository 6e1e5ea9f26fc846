import { plural } from '../../base/words.ts';
import { type AuditData, type AuditEntry, type AuditPart, isNumeric, percent } from './audit.ts';
import { drawn } from './drawn.ts';

/** Rows looked at: of training, of each other part, and to learn what distance is usual. */
const MOST_TRAIN = 60_000;
const MOST_OTHERS = 5_000;
const MOST_MEASURED = 60;
const MEASURED_AGAINST = 3_000;
const LEAST_ROWS = 50;
/** A near twin is at least ten times nearer than neighbours usually are. */
const CLOSEST = 0.1;
/** So many pairs may come about by chance, over all rows looked at. */
const BY_CHANCE = 0.05;
const BLOCKS = 8;

/**
 * Rows of validation or test that lie far nearer to a training row than neighbours lie to each other, without
 * being equal: photographs taken twice, measurements with noise added. Distance is Euclid's over pixels, or
 * over the standardized numbers of rows whose categories and missing values agree. How near is near depends
 * on the usual distance between neighbours and on the intrinsic dimension (TwoNN, Facco et al. 2017), so that
 * chance would give 0.05 such rows in all. Two rows or more are reported.
 *
 * Limits: at most 60,000 training rows and 5,000 of each other part, drawn by the seed; shifted, turned or
 * recoloured pictures are far from each other by this measure; tables need two columns of numbers.
 */
export const nearDuplicates: AuditEntry = {
  name: 'near_duplicates',
  help: 'rows of validation or test that are almost a training row',
  level: 'warn',
  run(data) {
    const { train } = data.parts;
    if (train.count < LEAST_ROWS || (data.columns && !data.sample)) return [];
    const space = spaceOf(data);
    if (!space) return [];
    const known = points(train, MOST_TRAIN, space, data.seed, 'train');
    const usual = neighbours(known, space.width, data.seed);
    if (!usual) return [];
    return (['validation', 'test'] as const).flatMap((name) => {
      const part = data.parts[name];
      if (part.count === 0) return [];
      const asked = points(part, MOST_OTHERS, space, data.seed, name);
      const chance = (BY_CHANCE / (Math.LN2 * asked.count)) ** (1 / usual.dimension);
      const near = Math.min(CLOSEST, chance) * usual.distance;
      const pairs = within(known, asked, near, space.width);
      if (pairs.length < 2) return [];
      const shown = pairs
        .slice(0, 3)
        .map(
          ({ asked: i, known: j, distance }) =>
            `row ${part.ids[asked.at[i]!]! + 1} of ${name} and row ${train.ids[known.at[j]!]! + 1} of train: distance ${distance.toPrecision(3)}, usual ${usual.distance.toPrecision(3)}`,
        );
      const looked = asked.count < part.count ? ` looked at` : '';
      return [
        {
          message: `${pairs.length} of ${plural(asked.count, `${name} row`)}${looked} (${percent(pairs.length / asked.count)}) are almost a training row`,
          notes: shown,
          help: 'keep such rows in one part: split by a group that they share, or remove one of each pair',
          path: ['data', 'split'],
          values: { rows: pairs.length, share: pairs.length / asked.count, distance: near },
        },
      ];
    });
  },
};

/** Which values make the distance, by which scale, and which must agree. */
interface Space {
  readonly width: number;
  readonly measured: readonly number[];
  readonly scale: Float64Array;
  readonly center: Float64Array;
  readonly equal: readonly number[];
}

function spaceOf({ parts, columns, sample }: AuditData): Space | undefined {
  const size = parts.train.shape.reduce((a, b) => a * b, 1);
  if (!columns || !sample) {
    if (size < 16) return undefined;
    const all = Array.from({ length: size }, (_, i) => i);
    return {
      width: size,
      measured: all,
      scale: new Float64Array(size).fill(1),
      center: new Float64Array(size),
      equal: [],
    };
  }
  const spread = columns.map(({ kind }, j) => (isNumeric(kind) ? moments(sample.values[j]!) : undefined));
  const measured = columns.flatMap((_, j) => (spread[j] && spread[j].std > 0 ? [j] : []));
  if (measured.length < 2) return undefined;
  return {
    width: measured.length,
    measured,
    scale: Float64Array.from(measured, (j) => 1 / spread[j]!.std),
    center: Float64Array.from(measured, (j) => spread[j]!.mean),
    equal: columns.flatMap(({ kind }, j) => (isNumeric(kind) ? [] : [j])),
  };
}

function moments(values: Float64Array) {
  const present = values.filter((value) => !Number.isNaN(value));
  const mean = present.reduce((a, b) => a + b, 0) / Math.max(1, present.length);
  const variance = present.reduce((sum, v) => sum + (v - mean) ** 2, 0) / Math.max(1, present.length);
  return { mean, std: Math.sqrt(variance) };
}

interface Points {
  readonly count: number;
  /** Position in the part. */
  readonly at: Uint32Array;
  readonly values: Float32Array;
  /**
   * Sums of stretches of the values: orthonormal directions, so that they never lie further apart than the
   * points.
   */
  readonly blocks: Float32Array;
  /** What must agree. */
  readonly keys: Int32Array;
}

function points(part: AuditPart, most: number, space: Space, seed: number, name: string): Points {
  const at = drawn(part.count, most, seed, name);
  const { width, measured, scale, center, equal } = space;
  const row = new Float64Array(part.shape.reduce((a, b) => a * b, 1));
  const values = new Float32Array(at.length * width);
  const blocks = new Float32Array(at.length * BLOCKS);
  const keys = new Int32Array(at.length);
  at.forEach((position, i) => {
    part.row(position, row);
    let key = 17;
    for (const j of equal) key = Math.imul(key, 31) + (Number.isNaN(row[j]!) ? 999_983 : row[j]!);
    const own = values.subarray(i * width, (i + 1) * width);
    measured.forEach((j, k) => {
      const missing = Number.isNaN(row[j]!);
      if (missing) key = Math.imul(key, 37) + k + 1;
      own[k] = missing ? 0 : (row[j]! - center[k]!) * scale[k]!;
    });
    keys[i] = key;
    for (let b = 0; b < BLOCKS; b++) {
      const [from, to] = [Math.floor((b * width) / BLOCKS), Math.floor(((b + 1) * width) / BLOCKS)];
      let sum = 0;
      for (let k = from; k < to; k++) sum += own[k]!;
      blocks[i * BLOCKS + b] = to > from ? sum / Math.sqrt(to - from) : 0;
    }
  });
  return { count: at.length, at, values, blocks, keys };
}

/** Squared distance; larger than `most` as soon as that is certain. */
function squared(a: Points, i: number, b: Points, j: number, width: number, most: number): number {
  let bound = 0;
  for (let k = 0; k < BLOCKS; k++) bound += (a.blocks[i * BLOCKS + k]! - b.blocks[j * BLOCKS + k]!) ** 2;
  // Float32 sums: a little slack keeps pairs on the edge.
  if (bound > most * 1.001 + 1e-6) return Number.POSITIVE_INFINITY;
  let sum = 0;
  for (let k = 0; k < width; k++) {
    sum += (a.values[i * width + k]! - b.values[j * width + k]!) ** 2;
    if (sum > most) return Number.POSITIVE_INFINITY;
  }
  return sum;
}

/**
 * The median distance to the nearest neighbour, and how fast balls fill: `ln 2 / median(ln(second / first))`.
 */
function neighbours(known: Points, width: number, seed: number) {
  const asked = drawn(known.count, MOST_MEASURED, seed, 'measured');
  const others = drawn(known.count, MEASURED_AGAINST, seed, 'against');
  const firsts: number[] = [];
  const ratios: number[] = [];
  for (const i of asked) {
    let [first, second] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (const j of others) {
      if (i === j || known.keys[i] !== known.keys[j]) continue;
      const distance = squared(known, i, known, j, width, second);
      // Equal rows are another check's.
      if (distance === 0) continue;
      if (distance < first) [first, second] = [distance, first];
      else if (distance < second) second = distance;
    }
    if (Number.isFinite(first)) firsts.push(Math.sqrt(first));
    // A first neighbour ten times nearer than the second is a twin and tells nothing of the space.
    if (second < 100 * first) ratios.push(Math.log(second / first) / 2);
  }
  if (firsts.length < 20) return undefined;
  firsts.sort((a, b) => a - b);
  ratios.sort((a, b) => a - b);
  const ratio = ratios[ratios.length >> 1] ?? 0;
  const dimension = Math.min(width, Math.max(1, Math.LN2 / Math.max(ratio, 1e-9)));
  return { distance: firsts[firsts.length >> 1]!, dimension };
}

interface Pair {
  readonly asked: number;
  readonly known: number;
  readonly distance: number;
}

/**
 * For each point asked about the first known one that is near but not equal. Sorted by the sum of the blocks,
 * few need a look.
 */
function within(known: Points, asked: Points, near: number, width: number): Pair[] {
  const along = ({ blocks }: Points, i: number) => {
    let sum = 0;
    for (let b = 0; b < BLOCKS; b++) sum += blocks[i * BLOCKS + b]!;
    return sum / Math.sqrt(BLOCKS);
  };
  const places = Float64Array.from({ length: known.count }, (_, i) => along(known, i));
  const order = Uint32Array.from(places.keys()).sort((a, b) => places[a]! - places[b]! || a - b);
  const sorted = Float64Array.from(order, (i) => places[i]!);
  const out: Pair[] = [];
  for (let i = 0; i < asked.count; i++) {
    const place = along(asked, i);
    for (
      let k = from(sorted, place - near - 1e-6);
      k < sorted.length && sorted[k]! <= place + near + 1e-6;
      k++
    ) {
      const j = order[k]!;
      if (asked.keys[i] !== known.keys[j]) continue;
      const distance = Math.sqrt(squared(asked, i, known, j, width, near * near));
      if (distance === 0 || !(distance <= near)) continue;
      out.push({ asked: i, known: j, distance });
      break;
    }
  }
  return out;
}

/** First place in ascending values that isn't below. */
function from(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
