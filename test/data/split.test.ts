import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SplitConfig } from '../../src/config/config.ts';
import { apportion, splitRows } from '../../src/data/split.ts';
import { splitSizes } from '../../src/data/split-sizes.ts';
import { EXIT } from '../../src/errors.ts';
import type { RawData } from '../../src/readers/raw-data.ts';
import { failure } from '../readers/helpers.ts';
import { splitConfig } from './split-config.ts';

function data(labels: readonly number[], train?: number): RawData {
  const classes = Array.from({ length: Math.max(...labels) + 1 }, (_, i) => `class ${i}`);
  return {
    shape: [1],
    target: { kind: 'class', classes },
    count: labels.length,
    x: Float32Array.from(labels),
    y: Int32Array.from(labels),
    train,
    files: [],
  };
}
const rows = (count: number, classes = 3) => data(Array.from({ length: count }, (_, i) => (i * i) % classes));

describe('sizes', () => {
  it.each<[string, Partial<SplitConfig>, number, number[]]>([
    ['shares of all', { train: 0.7, test: 0.3 }, 10_000, [7000, 0, 3000]],
    ['validation out of training', { train: 0.7, test: 0.3, validation: 0.1 }, 10_000, [6300, 700, 3000]],
    ['train takes the rest', { test: 0.3, validation: 0.2 }, 10, [6, 1, 3]],
    ['test takes the rest', { train: 0.7, validation: 0.5 }, 10, [3, 4, 3]],
    ['nothing given', {}, 3, [3, 0, 0]],
    ['counts', { train: 600, test: 100, validation: 50 }, 1000, [550, 50, 100]],
    ['a count and the rest', { test: 100 }, 1000, [900, 0, 100]],
    ['all of it', { train: 1 }, 5, [5, 0, 0]],
    ['no test part', { train: null, test: 0, validation: 0.5 }, 4, [2, 2, 0]],
    ['shares below all', { train: 0.5, test: 0.25 }, 8, [4, 0, 2]],
    ['halves of an odd number', { train: 0.5, test: 0.5 }, 5, [2, 0, 3]],
    ['thirds as decimals', { train: 0.67, test: 0.33 }, 10_001, [6701, 0, 3300]],
  ])('%s', (_, split, count, [train, validation, test]) => {
    expect(splitSizes(splitConfig(split), count, undefined)).toEqual({ train, validation, test });
  });

  it.each<[string, Partial<SplitConfig>, number, string, string[]]>([
    ['shares over 1', { train: 0.8, test: 0.3 }, 10, 'split-too-large', []],
    ['counts over the examples', { train: 8, test: 3 }, 10, 'split-too-large', []],
    ['a count and a share', { train: 8, test: 0.3 }, 10, 'split-too-large', []],
    ['test of all', { test: 1 }, 10, 'split-empty', []],
    ['more tests than examples', { test: 11 }, 10, 'split-too-large', []],
    ['validation of all', { validation: 1 }, 10, 'split-empty', []],
    ['more validation than training', { train: 5, test: 5, validation: 6 }, 10, 'split-empty', []],
    ['a share that rounds to nothing', { train: 0.01, test: 0.5 }, 10, 'split-empty', []],
    ['fixed without parts', { type: 'fixed' }, 10, 'split-fixed', ['type']],
    ['fixed with a share', { type: 'fixed', test: 0.5 }, 10, 'split-fixed', ['test']],
  ])('%s', async (_, split, count, code, path) => {
    const error = await failure(() => splitSizes(splitConfig(split), count, undefined));
    expect(error).toMatchObject({ code, exit: EXIT.config, details: { path: ['data', 'split', ...path] } });
    expect(error.details.help).toBeTruthy();
  });
});

const anySplit = fc.record({
  count: fc.integer({ min: 6, max: 300 }),
  test: fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 0.6, noNaN: true }), fc.constant(2)),
  validation: fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 0.6, noNaN: true })),
  stratify: fc.boolean(),
  seed: fc.nat(),
});

describe('rows', () => {
  it('are disjoint, complete, ascending and as many as said', () => {
    fc.assert(
      fc.property(anySplit, ({ count, seed, ...more }) => {
        const split = splitConfig({ ...more, stratify: false });
        const parts = splitRows(rows(count), split, seed);
        const all = [...parts.train, ...parts.validation, ...parts.test];
        expect(all.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
        expect({
          train: parts.train.length,
          validation: parts.validation.length,
          test: parts.test.length,
        }).toEqual(splitSizes(split, count, undefined));
        for (const part of Object.values(parts)) expect([...part]).toEqual([...part].sort((a, b) => a - b));
      }),
    );
  });

  it('the same seed gives the same split, another seed another one', () => {
    const split = splitConfig({ test: 0.5 });
    expect(splitRows(rows(100), split, 1)).toEqual(splitRows(rows(100), split, 1));
    expect(splitRows(rows(100), split, 1)).not.toEqual(splitRows(rows(100), split, 2));
  });

  it('the validation share leaves the test rows alone', () => {
    fc.assert(
      fc.property(
        anySplit,
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        ({ count, seed, ...more }, other) => {
          const data = rows(60 + count);
          const of = (validation: number) => splitRows(data, splitConfig({ ...more, validation }), seed).test;
          expect(of(more.validation)).toEqual(of(other));
        },
      ),
    );
  });

  it('are drawn evenly: no row is in the test part too often', () => {
    const hits = new Array(20).fill(0);
    for (let seed = 0; seed < 2000; seed++)
      for (const row of splitRows(rows(20), splitConfig({ test: 0.25 }), seed).test) hits[row]++;
    // 500 expected, deviation 19.4: five of them.
    for (const count of hits) expect(Math.abs(count - 500)).toBeLessThan(97);
  });
});

describe('stratified', () => {
  it('every class has its share to within one example, in all parts', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 3, max: 60 }), { minLength: 1, maxLength: 8 }),
        fc.double({ min: 0.1, max: 0.5, noNaN: true }),
        fc.nat(),
        (sizes, test, seed) => {
          const labels = sizes.flatMap((size, label) => new Array<number>(size).fill(label));
          const raw = data(labels);
          const split = splitConfig({ test, validation: 0.2, stratify: true });
          const parts = splitRows(raw, split, seed);
          const expected = splitSizes(split, raw.count, undefined);
          for (const name of ['train', 'validation', 'test'] as const) {
            expect(parts[name].length).toBe(expected[name]);
            sizes.forEach((size, label) => {
              const found = parts[name].filter((row) => raw.y[row] === label).length;
              const share = (expected[name] * size) / raw.count;
              // Validation and training are drawn from what the test part's rounding left: at most two roundings.
              expect(Math.abs(found - share)).toBeLessThan(name === 'test' ? 1 : 2);
            });
          }
          expect(new Set([...parts.train, ...parts.validation, ...parts.test]).size).toBe(raw.count);
        },
      ),
    );
  });

  it('a class that is too small', async () => {
    const error = await failure(() =>
      splitRows(data([0, 0, 0, 0, 1]), splitConfig({ test: 0.4, stratify: true }), 1),
    );
    expect(error).toMatchObject({ code: 'class-too-small', exit: EXIT.data });
    expect(error.message).toContain('class 1 has 1 example;');
    // Nothing to share out: one part only.
    expect(splitRows(data([0, 0, 1]), splitConfig({ stratify: true }), 1).train.length).toBe(3);
  });

  it('has no meaning in a regression', () => {
    const numbers: RawData = {
      ...rows(10),
      target: { kind: 'number', columns: ['y'] },
      y: new Float32Array(10).fill(0.5),
    };
    expect(splitRows(numbers, splitConfig({ test: 0.5, stratify: true }), 3)).toEqual(
      splitRows(numbers, splitConfig({ test: 0.5 }), 3),
    );
  });
});

describe('fixed', () => {
  it('takes the test part as it is and carves validation out of the rest', () => {
    const raw = data([0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 0], 8);
    for (const stratify of [false, true]) {
      const parts = splitRows(raw, splitConfig({ type: 'fixed', validation: 0.25, stratify }), 5);
      expect([...parts.test]).toEqual([8, 9, 10, 11]);
      expect(parts.validation.length).toBe(2);
      expect([...parts.train, ...parts.validation].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      if (stratify) expect([...parts.validation].map((row) => raw.y[row]).sort()).toEqual([0, 1]);
    }
  });
});

it('apportion sums exactly and gives no class more than it has', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(1000), { minLength: 1, maxLength: 12 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (weights, share) => {
        const sum = weights.reduce((a, b) => a + b, 0);
        const total = Math.round(share * sum);
        const shares = apportion(total, weights);
        expect(shares.reduce((a, b) => a + b, 0)).toBe(total);
        shares.forEach((value, i) => {
          expect(value).toBeLessThanOrEqual(weights[i]!);
          expect(Math.abs(value - (sum === 0 ? 0 : (total * weights[i]!) / sum))).toBeLessThan(1);
        });
      },
    ),
  );
  expect(apportion(3, [1, 1, 1, 1])).toEqual([1, 1, 1, 0]); // the earlier of equals
});
