import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SplitConfig } from '../../src/config/config.ts';
import { foldsOf } from '../../src/data/k-fold.ts';
import { splitRows } from '../../src/data/split.ts';
import type { RawData } from '../../src/readers/raw-data.ts';
import { failure } from '../readers/helpers.ts';

const split = (more: Partial<SplitConfig> = {}): SplitConfig => ({
  type: 'k_fold',
  column: null,
  train: null,
  validation: 0,
  test: null,
  stratify: false,
  folds: 5,
  fold: null,
  shuffle: true,
  subsample: 1,
  score_test: true,
  ...more,
});

function data(count: number, labels?: readonly number[], groups?: readonly number[]): RawData {
  const classes = labels && Array.from({ length: Math.max(...labels) + 1 }, (_, i) => `class ${i}`);
  return {
    shape: [1],
    target: classes ? { kind: 'class', classes } : { kind: 'number', columns: ['y'] },
    count,
    x: new Float32Array(count),
    y: labels ? Int32Array.from(labels) : new Float32Array(count),
    ...(groups && { keys: Float64Array.from(groups) }),
    files: [],
  };
}

interface Case {
  readonly folds: number;
  readonly rows?: number;
  readonly labels?: number[];
  readonly groups?: number[];
  readonly of: number[];
}
// scikit-learn's splitters, see make-folds.py there.
const cases: Case[] = JSON.parse(readFileSync(new URL('../fixtures/folds.json', import.meta.url), 'utf8'));
const nameOf = ({ labels, groups }: Case) => `${labels ? 'Stratified' : ''}${groups ? 'Group' : ''}KFold`;

describe("folds without shuffling are scikit-learn's", () => {
  it.each(cases.map((one) => [nameOf(one), one.folds, one.of.length, one] as const))(
    '%s, %d folds of %d rows',
    (_, folds, count, { labels, groups, of }) => {
      const raw = data(count, labels, groups);
      const rows = Uint32Array.from({ length: count }, (_, i) => i);
      const how = split({
        folds,
        shuffle: false,
        stratify: labels !== undefined,
        column: groups ? 'g' : null,
      });
      expect(Array.from(foldsOf(raw, rows, how, 3))).toEqual(of);
    },
  );
});

const any = fc.record({
  count: fc.integer({ min: 60, max: 200 }),
  folds: fc.integer({ min: 2, max: 7 }),
  seed: fc.nat(1000),
  test: fc.constantFrom(null, 0.2, 15),
  validation: fc.constantFrom(0, 0.1, 5),
  shuffle: fc.boolean(),
  kind: fc.constantFrom('plain', 'strata', 'groups', 'both'),
});
const made = ({ count, kind }: { count: number; kind: string }) => {
  const labels =
    kind === 'plain' || kind === 'groups'
      ? undefined
      : Array.from({ length: count }, (_, i) => ((i * i) % 3 === 0 ? 0 : 1));
  const groups =
    kind === 'groups' || kind === 'both' ? Array.from({ length: count }, (_, i) => (i * 7) % 23) : undefined;
  return { raw: data(count, labels, groups), labels, groups };
};

describe('k folds', () => {
  it('hold every row once in turn; what is set aside is in none; training has all the others', () => {
    fc.assert(
      fc.property(any, (one) => {
        const { raw, labels, groups } = made(one);
        const { folds, seed, test, validation, shuffle } = one;
        const how = (fold: number | 'final') =>
          split({
            folds,
            fold,
            test,
            validation,
            shuffle,
            stratify: labels !== undefined,
            column: groups ? 'g' : null,
          });
        const parts = Array.from({ length: folds }, (_, f) => splitRows(raw, how(f + 1), seed));
        const last = splitRows(raw, how('final'), seed);
        const apart = new Set(test === null ? [] : last.test);
        expect(apart.size > 0).toBe(test !== null);
        const tested = parts.flatMap((part) => [...part.test]);
        expect(new Set(tested).size).toBe(tested.length);
        expect([...tested, ...apart].sort((a, b) => a - b)).toEqual(
          Array.from({ length: one.count }, (_, i) => i),
        );
        for (const part of [...parts, last]) {
          const all = [...part.train, ...part.validation, ...part.test];
          expect(new Set(all).size).toBe(all.length);
          expect(all.length).toBe(one.count - (part === last ? 0 : apart.size));
          expect(part.validation.length > 0).toBe(validation > 0);
          if (groups) {
            const of = (rows: Uint32Array) => new Set(Array.from(rows, (row) => groups[row]!));
            const [a, b, c] = [of(part.train), of(part.validation), of(part.test)];
            expect([...a].some((g) => b.has(g) || c.has(g)) || [...b].some((g) => c.has(g))).toBe(false);
          }
        }
        if (!groups) {
          const sizes = parts.map((part) => part.test.length);
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        }
        if (labels && !groups)
          for (const k of [0, 1]) {
            const counts = parts.map((part) => part.test.filter((row) => labels[row] === k).length);
            expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
          }
      }),
      { numRuns: 200 },
    );
  });

  it('set aside the rows that a random split tests', () => {
    const raw = data(100);
    const last = splitRows(raw, split({ fold: 'final', test: 0.3 }), 4);
    expect(last.test).toEqual(splitRows(raw, split({ type: 'random', test: 0.3 }), 4).test);
  });

  it('are the same for the same seed, others for another; the first is meant where none is named', () => {
    const of = (seed: number, fold: number | null = 1) => [
      ...splitRows(data(50), split({ fold }), seed).test,
    ];
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
    expect(of(1, null)).toEqual(of(1));
  });

  it.each<[string, RawData, Partial<SplitConfig>, string, RegExp]>([
    ['more folds than rows', data(3), {}, 'split-folds', /5 folds need 5 rows or more, there are 3/],
    ['fewer rows than folds after the test part', data(6), { test: 3 }, 'split-folds', /there are 3/],
    [
      'a small class',
      data(20, [...Array(17).fill(0), 1, 1, 1]),
      { stratify: true },
      'class-too-small',
      /class 1 has 3 examples; 5 stratified folds/,
    ],
    [
      'few groups',
      data(
        20,
        undefined,
        Array.from({ length: 20 }, (_, i) => i % 4),
      ),
      { column: 'g' },
      'split-groups',
      /there are 4 groups of `g`; 5 folds need 5/,
    ],
    [
      'one group',
      data(20, undefined, Array(20).fill(0)),
      { column: 'g' },
      'split-groups',
      /there is 1 group/,
    ],
    ['nothing to train on', data(10), { validation: 8 }, 'split-empty', /none|no row/],
  ])('%s: an error with what to do', async (_, raw, more, code, message) => {
    const error = await failure(() => splitRows(raw, split(more), 1));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.details.help).toBeTruthy();
    expect(error.details.path?.slice(0, 2)).toEqual(['data', 'split']);
  });
});

describe('subsample', () => {
  it('keeps class shares; a larger share holds a smaller one; other parts stay as they are', () => {
    fc.assert(
      fc.property(
        any,
        fc.double({ min: 0.05, max: 1, noNaN: true }),
        fc.double({ min: 0.05, max: 1, noNaN: true }),
        (one, a, b) => {
          const { raw, labels } = made({ ...one, kind: 'strata' });
          const of = (subsample: number) =>
            splitRows(
              raw,
              split({ type: 'random', test: 0.3, validation: 0.2, stratify: true, subsample }),
              one.seed,
            );
          const [small, large, whole] = [of(Math.min(a, b)), of(Math.max(a, b)), of(1)];
          for (const part of ['validation', 'test'] as const) {
            expect(small[part]).toEqual(whole[part]);
            expect(large[part]).toEqual(whole[part]);
          }
          const [held, all] = [new Set(large.train), new Set(whole.train)];
          expect([...small.train].every((row) => held.has(row))).toBe(true);
          expect([...large.train].every((row) => all.has(row))).toBe(true);
          expect(small.train.length).toBe(Math.max(1, Math.round(Math.min(a, b) * whole.train.length)));
          const ones = (rows: Uint32Array) => rows.filter((row) => labels![row] === 1).length;
          const share = (ones(whole.train) / whole.train.length) * small.train.length;
          expect(Math.abs(ones(small.train) - share)).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('score_test: false leaves the test part out, and changes nothing else', () => {
    const of = (score_test: boolean) =>
      splitRows(data(50), split({ type: 'random', test: 0.3, validation: 0.2, score_test }), 1);
    const [seen, unseen] = [of(true), of(false)];
    expect(unseen).toEqual({ ...seen, test: new Uint32Array() });
    expect(seen.test.length).toBe(15);
  });
});
