import { describe, expect, test } from 'vitest';
import { bits, fillMask, normal, shuffled, streamKey, uniform } from '../../src/base/random.ts';

const words = (key: ReturnType<typeof streamKey>, count: number) =>
  Array.from({ length: count }, (_, i) => bits(key, i));
const upTo = (count: number) => Uint32Array.from({ length: count }, (_, i) => i);
const FAR = 1_000_000;

/** Computed by a second implementation (Python's whole numbers): a change here changes everyone's results. */
describe('streams never change', () => {
  const golden: [seed: number, stream: string, counter: number, words: number[]][] = [
    [0, 'shuffle', 0, [0xfc7b5bba, 0x16eda1a8, 0x2fb54f77, 0xdc32d693]],
    [42, 'shuffle', 0, [0xbe767d14, 0x7447cf49, 0xfc13726c, 0xd612044f]],
    [42, 'shuffle', 1, [0xd65a58be, 0xaa5dd1cf, 0x0a913dc5, 0xa3ff39b1]],
    [42, 'dropout/dropout_1', 7, [0x0bf73d75, 0x0291db7f, 0x9eb57c7b, 0x7a0ebf87]],
    [2 ** 32 + 42, 'shuffle', 0, [0x5bd65b61, 0xd6735c49, 0x22096291, 0x28f524b1]],
    [2 ** 53 - 1, 'init/dense_1/kernel', 0, [0x13b73c52, 0x898cb4c6, 0x85d77290, 0x57ae8496]],
    [42, 'split', 2 ** 32 + 3, [0x41ed0d80, 0x6971aae1, 0xfc8d0e9f, 0x31a64955]],
  ];
  for (const [seed, stream, counter, expected] of golden)
    test(`seed ${seed}, ${stream}, ${counter}`, () => {
      const key = streamKey(seed, stream, counter);
      expect([0, 1, 2, FAR].map((i) => bits(key, i))).toEqual(expected);
    });

  test('of shuffles, normal numbers and masks', () => {
    expect([...shuffled(upTo(10), streamKey(42, 'shuffle', 0))]).toEqual([4, 7, 6, 3, 1, 2, 5, 0, 8, 9]);
    const key = streamKey(42, 'init/dense_1/kernel');
    [-0.7383623506471605, 0.1096402343122471, 0.553427230740132].forEach((value, i) => {
      expect(normal(key, i)).toBeCloseTo(value, 14);
    });
    const mask = new Float32Array(31);
    fillMask(mask, streamKey(42, 'dropout/dropout_1', 7), 0.25);
    expect([...mask].map((v) => (v > 0 ? 1 : 0)).join('')).toBe('0010110111010110001111011111101');
  });
});

/** Pearson's statistic of counts against equal ones. */
const chiSquare = (counts: readonly number[]) => {
  const expected = counts.reduce((a, b) => a + b) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
};
/** Five standard deviations above the mean of a chi-square of `cells` - 1 degrees of freedom. */
const limit = (cells: number) => cells - 1 + 5 * Math.sqrt(2 * (cells - 1));

describe('words', () => {
  const count = 100_000;
  for (const [seed, stream] of [
    [0, 'shuffle'],
    [42, 'init/dense_1/kernel'],
    [2 ** 53 - 1, 'split'],
  ] as const)
    test(`are uniform in their high and low bits (seed ${seed}, ${stream})`, () => {
      const key = streamKey(seed, stream);
      const high = new Array<number>(64).fill(0);
      const low = new Array<number>(64).fill(0);
      for (let i = 0; i < count; i++) {
        high[Math.floor(uniform(key, i) * 64)]!++;
        low[bits(key, i) & 63]!++;
      }
      expect(chiSquare(high)).toBeLessThan(limit(64));
      expect(chiSquare(low)).toBeLessThan(limit(64));
    });

  const related: [what: string, one: ReturnType<typeof streamKey>, other: ReturnType<typeof streamKey>][] = [
    ['neighbouring seeds', streamKey(1, 'shuffle'), streamKey(2, 'shuffle')],
    ['neighbouring counters', streamKey(1, 'shuffle', 5), streamKey(1, 'shuffle', 6)],
    ['similar names', streamKey(1, 'init/dense_1/kernel'), streamKey(1, 'init/dense_2/kernel')],
    ['seeds that differ above 2^32', streamKey(7, 'split'), streamKey(2 ** 32 + 7, 'split')],
    ['counters that differ above 2^32', streamKey(7, 'split', 3), streamKey(7, 'split', 2 ** 32 + 3)],
  ];
  for (const [what, one, other] of related)
    test(`of ${what} are independent, and so are neighbours of one stream`, () => {
      const pairs = new Array<number>(64).fill(0);
      const neighbours = new Array<number>(64).fill(0);
      for (let i = 0; i < count; i++) {
        const eighth = bits(one, i) >>> 29;
        pairs[eighth * 8 + (bits(other, i) >>> 29)]!++;
        neighbours[eighth * 8 + (bits(one, i + 1) >>> 29)]!++;
      }
      expect(chiSquare(pairs)).toBeLessThan(limit(64));
      expect(chiSquare(neighbours)).toBeLessThan(limit(64));
      const others = words(other, 1000);
      const shared = words(one, 1000).filter((word, i) => word === others[i]);
      expect(shared).toEqual([]);
    });

  test('no two indices of a stream share a word more often than chance has it', () => {
    expect(new Set(words(streamKey(3, 'x'), count)).size).toBeGreaterThan(count - 10); // 1.2 expected
  });

  test('normal numbers have mean 0, variance 1 and normal tails', () => {
    const key = streamKey(9, 'init');
    const values = Array.from({ length: count }, (_, i) => normal(key, i));
    const mean = values.reduce((a, b) => a + b) / count;
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(count));
    expect(Math.abs(values.reduce((a, v) => a + v * v, 0) / count - 1)).toBeLessThan(
      5 * Math.sqrt(2 / count),
    );
    const beyond = values.filter((v) => Math.abs(v) > 1.959964).length / count;
    expect(Math.abs(beyond - 0.05)).toBeLessThan(5 * Math.sqrt((0.05 * 0.95) / count));
  });
});

describe('shuffled', () => {
  test('is a permutation that leaves its input alone, at any length', () => {
    for (const length of [0, 1, 2, 3, 1000]) {
      const given = upTo(length);
      const out = shuffled(given, streamKey(1, 'shuffle'));
      expect(given).toEqual(upTo(length));
      expect(out.slice().sort()).toEqual(upTo(length));
    }
  });
  test('another epoch, another order', () => {
    const order = (epoch: number) => [...shuffled(upTo(100), streamKey(1, 'shuffle', epoch))].join();
    expect(new Set([0, 1, 2, 3].map(order)).size).toBe(4);
  });
  test('every order is equally likely', () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const order = shuffled(upTo(4), streamKey(5, 'shuffle', i)).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    expect(chiSquare([...counts.values()])).toBeLessThan(limit(24));
  });
});

describe('fillMask', () => {
  const key = streamKey(42, 'dropout/dropout_1', 3);
  const filled = (length: number, rate: number) => {
    const mask = new Float32Array(length).fill(NaN);
    fillMask(mask, key, rate);
    return mask;
  };
  for (const rate of [0, 0.25, 0.5, 0.999])
    test(`rate ${rate}: 0 in that share, else exactly 1 / (1 - rate)`, () => {
      const count = 100_000;
      const mask = filled(count, rate);
      const kept = Math.fround(1 / (1 - rate));
      expect(mask.every((v) => Object.is(v, 0) || v === kept)).toBe(true);
      const zeros = mask.filter((v) => v === 0).length / count;
      expect(Math.abs(zeros - rate)).toBeLessThanOrEqual(
        5 * Math.sqrt((rate * (1 - rate)) / count) + 1 / 65536,
      );
    });
  test('an odd length is the beginning of a longer one', () => {
    for (const length of [0, 1, 2, 7, 33])
      expect(filled(length, 0.5)).toEqual(filled(64, 0.5).subarray(0, length));
  });
  test('writes within its own part of a larger array only', () => {
    const whole = new Float32Array(10).fill(7);
    fillMask(whole.subarray(3, 6), key, 0.5);
    expect([...whole.subarray(0, 3), ...whole.subarray(6)]).toEqual(new Array(7).fill(7));
    expect(whole.subarray(3, 6)).toEqual(filled(3, 0.5));
  });
});
