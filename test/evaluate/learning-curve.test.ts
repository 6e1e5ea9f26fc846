import { describe, expect, it } from 'vitest';
import { normal, streamKey } from '../../src/base/random.ts';
import { type CurveSize, readCurve } from '../../src/evaluate/index.ts';

const ROWS = [100, 200, 400, 700, 1000];

/** Scores that follow known curves, each with a draw of noise and an interval of 2,000 examples. */
function sizes(
  train: (share: number) => number,
  validation: (share: number) => number,
  { draw = 0, seeds = 3, noise = 0.003, rows = ROWS } = {},
): CurveSize[] {
  const around = (value: number) => {
    const half = 1.96 * Math.sqrt(Math.max(1e-6, value * (1 - value)) / 2000);
    return { value, interval: [value - half, value + half] as const };
  };
  return rows.map((n, i) => {
    const scores = (f: (share: number) => number, part: string) =>
      Array.from({ length: seeds }, (_, s) =>
        around(Math.min(1, f(n / 1000) + noise * normal(streamKey(draw, `curve/${part}`, i), s))),
      );
    return { rows: n, train: scores(train, 'train'), validation: scores(validation, 'validation') };
  });
}
const verdict = (found: CurveSize[], metric = 'accuracy') => readCurve(metric, found).verdict;

describe('a learning curve', () => {
  it('that still rises, far below training: more data', () => {
    const found = readCurve(
      'accuracy',
      sizes(
        () => 0.99,
        (x) => 0.95 - 0.1 * x ** -0.5,
      ),
    );
    expect(found.verdict).toBe('more_data');
    expect(found.evidence).toMatchObject({ high_variance: true, high_bias: false, more_data: true });
    // True gains: 0.1 (1 - 2^-0.5) = 0.0293 and 0.1 (1 - 4^-0.5) = 0.05.
    for (const [i, truth] of [0.0293, 0.05].entries()) {
      const { gain } = found.gains[i]!;
      expect(gain.interval[0]).toBeLessThan(truth);
      expect(gain.interval[1]).toBeGreaterThan(truth);
      expect(Math.abs(gain.value - truth)).toBeLessThan(0.02);
    }
    expect(found.gains.map(({ rows }) => rows)).toEqual([2000, 4000]);
  });

  it.each<[string, (x: number) => number, (x: number) => number, string]>([
    ['training as poor as validation, flat', () => 0.71, () => 0.7, 'larger_model'],
    ['both nearly perfect', () => 0.999, () => 0.995, 'no_evidence'],
    ['a gap that rows do nothing about', () => 0.99, () => 0.8, 'less_variance'],
    [
      'poor, and rising',
      (x) => 0.62 + 0.06 * x,
      (x) => 0.66 - 0.06 * x ** -0.5,
      'more_data_and_larger_model',
    ],
  ])('%s', (_, train, validation, expected) => {
    expect(verdict(sizes(train, validation))).toBe(expected);
  });

  it('knows that a loss is better where it is lower', () => {
    const lower = (f: (x: number) => number) => (x: number) => 1 - f(x);
    const found = sizes(
      lower(() => 0.99),
      lower((x) => 0.95 - 0.1 * x ** -0.5),
    );
    const curve = readCurve('loss', found);
    expect(curve.verdict).toBe('more_data');
    expect(curve.gap.value).toBeGreaterThan(0.1);
    expect(curve.gains[0]!.score).toBeLessThan(curve.points.at(-1)!.validation.value);
  });

  it('says nothing of more data with fewer than four sizes, and nothing is claimed of one run', () => {
    const three = readCurve(
      'accuracy',
      sizes(
        () => 0.99,
        (x) => 0.95 - 0.1 * x ** -0.5,
        { rows: [100, 400, 1000] },
      ),
    );
    expect(three).toMatchObject({ fit: null, gains: [], evidence: { more_data: null } });
    const one = sizes(
      () => 0.9,
      () => 0.9,
      { rows: [1000], seeds: 1 },
    );
    expect(readCurve('accuracy', one).evidence).toMatchObject({ high_variance: false, undertrained: false });
  });

  it('no score leaves the range of its metric', () => {
    const found = readCurve(
      'accuracy',
      sizes(
        () => 1,
        (x) => 1.02 - 0.1 * x ** -0.5,
        { noise: 0.01 },
      ),
    );
    for (const { train, validation } of found.points)
      for (const { interval } of [train, validation]) expect(interval[1]).toBeLessThanOrEqual(1);
    for (const { score, gain } of found.gains) {
      expect(score).toBeLessThanOrEqual(1);
      expect(gain.interval[1]).toBeLessThanOrEqual(1);
    }
  });

  it('tells of sizes that got too few steps', () => {
    const found = readCurve(
      'accuracy',
      sizes(
        (x) => 0.7 + 0.25 * x,
        (x) => 0.7 + 0.2 * x,
      ),
    );
    expect(found.evidence.undertrained).toBe(true);
    expect(
      readCurve(
        'accuracy',
        sizes(
          () => 0.99,
          () => 0.9,
        ),
      ).evidence.undertrained,
    ).toBe(false);
  });

  it('the same scores give the same numbers', () => {
    const found = () =>
      readCurve(
        'accuracy',
        sizes(
          () => 0.99,
          (x) => 0.9 - 0.1 * x ** -0.5,
        ),
      );
    expect(found()).toEqual(found());
  });

  // True curves that are flat must seldom be said to rise, and rising ones found.
  it('cries wolf seldom, and misses little', () => {
    let [wrong, right, held] = [0, 0, 0];
    const draws = 40; // 200 gave 0 false alarms, none missed, 94% of the intervals held the true gain
    for (let draw = 0; draw < draws; draw++) {
      const flat = readCurve(
        'accuracy',
        sizes(
          () => 0.95,
          () => 0.9,
          { draw },
        ),
      );
      if (flat.evidence.more_data) wrong++;
      const rising = readCurve(
        'accuracy',
        sizes(
          () => 0.99,
          (x) => 0.95 - 0.1 * x ** -0.5,
          { draw },
        ),
      );
      if (rising.evidence.more_data) right++;
      const { interval } = rising.gains[0]!.gain;
      if (interval[0] <= 0.02929 && 0.02929 <= interval[1]) held++;
    }
    expect(wrong / draws).toBeLessThanOrEqual(0.05);
    expect(right / draws).toBeGreaterThanOrEqual(0.95);
    expect(held / draws).toBeGreaterThanOrEqual(0.85);
  }, 60_000);
});
