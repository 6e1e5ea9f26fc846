import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { transforms } from '../../../src/catalog/transforms/index.ts';
import type { Column } from '../../../src/readers/raw-data.ts';
import { flat, rowsOf, targetOf } from './rows.ts';

const entry = (kind: string, type: string) => transforms.get(kind)!.get(type)!;
const LEVELS = ['p', 'q', 'r', 's'];
const column: Column = { name: 'c', kind: 'category', levels: LEVELS };

/** The published formula, term by term: λ · mean of the level + (1 - λ) · mean. */
function encoding(codes: number[], y: number[], level: number, smooth: 'auto' | number): number {
  const mean = (v: number[]) => v.reduce((a, b) => a + b, 0) / v.length;
  const variance = (v: number[]) => mean(v.map((x) => (x - mean(v)) ** 2));
  const own = y.filter((_, i) => codes[i] === level);
  if (own.length === 0) return mean(y);
  if (smooth !== 'auto') return (own.reduce((a, b) => a + b, 0) + smooth * mean(y)) / (own.length + smooth);
  const [n, all, within] = [own.length, variance(y), variance(own)];
  const weight = (n * all) / (within + n * all);
  return Number.isNaN(weight) ? mean(y) : weight * mean(own) + (1 - weight) * mean(y);
}

describe('encode: target', () => {
  const target = entry('encode', 'target');
  const table = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: -50, max: 50 })), {
    minLength: 6,
    maxLength: 40,
  });
  const smooths = fc.constantFrom<'auto' | number>('auto', 0, 1, 12.5);

  it('is the formula, for numbers', () => {
    fc.assert(
      fc.property(table, smooths, (rows, smooth) => {
        const [codes, y] = [rows.map(([c]) => c), rows.map(([, v]) => v / 4)];
        const given = rowsOf(codes, [1], { columns: [column], target: targetOf(y) });
        const fitted = target.fit(given, { smooth, folds: 3 });
        const asked = [0, 1, 2, 3, -1, Number.NaN];
        const found = target.apply(fitted, Float64Array.from(asked), asked.length);
        const mean = y.reduce((a, b) => a + b, 0) / y.length;
        LEVELS.forEach((_, level) => {
          expect(found[level]).toBeCloseTo(encoding(codes, y, level, smooth), 9);
        });
        expect(found[4]).toBeCloseTo(mean, 9); // unknown
        expect(found[5]).toBeCloseTo(mean, 9); // missing, which no training row is
      }),
    );
  });

  it('a training row is encoded by the rows of the other folds, and by no target of its own', () => {
    fc.assert(
      fc.property(table, smooths, (rows, smooth) => {
        const [codes, y] = [rows.map(([c]) => c), rows.map(([, v]) => v / 4)];
        const of = (targets: number[]) => {
          const given = rowsOf(codes, [1], { columns: [column], target: targetOf(targets) });
          const fitted = target.fit(given, { smooth, folds: 3 });
          return {
            folds: fitted.folds!,
            found: target.apply(fitted, Float64Array.from(codes), y.length, { training: 0 }),
          };
        };
        const { folds, found } = of(y);
        found.forEach((value, i) => {
          const others = codes.flatMap((_, k) => (folds[k] === folds[i] ? [] : [k]));
          const expected = encoding(
            others.map((k) => codes[k]!),
            others.map((k) => y[k]!),
            codes[i]!,
            smooth,
          );
          expect(value).toBeCloseTo(expected, 9);
        });
        expect(of(y.map((v, i) => (i === 0 ? v + 100 : v))).found[0]).toBeCloseTo(found[0]!, 6);
        const sizes = [0, 1, 2].map((f) => folds.filter((each) => each === f).length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('rows are told by their place, in pieces as well', () => {
    const codes = Array.from({ length: 20 }, (_, i) => i % 4);
    const y = codes.map((c, i) => c + (i % 3));
    const fitted = target.fit(rowsOf(codes, [1], { columns: [column], target: targetOf(y) }), {
      smooth: 'auto',
      folds: 5,
    });
    const whole = target.apply(fitted, Float64Array.from(codes), 20, { training: 0 });
    const tail = target.apply(fitted, Float64Array.from(codes.slice(13)), 7, { training: 13 });
    expect(tail).toEqual(whole.slice(13));
  });

  it('of two classes the share of the second; of more one column each; folds share classes alike', () => {
    const codes = Array.from({ length: 60 }, (_, i) => i % 4);
    const y = codes.map((c, i) => (c + Math.floor(i / 7)) % 3);
    const learn = (classes: number, labels: number[]) =>
      target.fit(rowsOf(codes, [1], { columns: [column], target: targetOf(labels, classes) }), {
        smooth: 0,
        folds: 5,
      });
    const three = learn(3, y);
    expect(three.columns!.map(({ name }) => name)).toEqual(['c:class 0', 'c:class 1', 'c:class 2']);
    const found = target.apply(three, Float64Array.of(2), 1);
    expect(found.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    expect(found[1]).toBeCloseTo(y.filter((c, i) => codes[i] === 2 && c === 1).length / 15, 12);
    for (let c = 0; c < 3; c++) {
      const counts = [0, 1, 2, 3, 4].map((f) => y.filter((v, i) => v === c && three.folds![i] === f).length);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }
    expect(
      learn(
        2,
        y.map((c) => Number(c > 0)),
      ).columns!.map(({ name }) => name),
    ).toEqual(['c']);
  });
});

describe('date parts', () => {
  const parts = entry('date', 'parts');
  const all = ['year', 'month', 'day', 'weekday', 'hour', 'day_of_year'] as const;
  const columns: Column[] = [{ name: 't', kind: 'date' }];
  const of = (days: number) => {
    const fitted = parts.fit(rowsOf([days], [1], { columns }), { parts: all, cyclic: false });
    return Array.from(parts.apply(fitted, Float64Array.of(days), 1));
  };

  it('are those of Date, for any day from 0001 to 9999', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -719_162, max: 2_932_896 }),
        fc.integer({ min: 0, max: 23 }),
        (day, hour) => {
          const date = new Date(day * 86_400_000 + hour * 3_600_000);
          const first = new Date(0);
          first.setUTCFullYear(yearOf(date), 0, 1);
          expect(of(day + hour / 24)).toEqual([
            yearOf(date),
            date.getUTCMonth() + 1,
            date.getUTCDate(),
            (date.getUTCDay() + 6) % 7,
            hour,
            day - first.getTime() / 86_400_000 + 1,
          ]);
        },
      ),
      { numRuns: 500 },
    );
  });
  const yearOf = (date: Date) => date.getUTCFullYear();

  it('whole hours survive the rounding to float32', () => {
    for (let day = 15_000; day < 25_000; day += 97)
      for (let hour = 0; hour < 24; hour++)
        expect(of(Math.fround(day + hour / 24))[4], `${day} ${hour}`).toBe(hour);
  });

  it('names, circles, and missing dates', () => {
    const params = parts.schema.parse({ parts: ['year', 'month'], cyclic: true });
    const fitted = parts.fit(rowsOf([0], [1], { columns }), params);
    expect(fitted.columns!.map(({ name }) => name)).toEqual(['t_year', 't_month_sin', 't_month_cos']);
    const [year, sin, cos] = parts.apply(fitted, Float64Array.of(19_723 + 91), 1); // 2024-04-01
    expect([year, sin, cos].map((v) => Number(v!.toFixed(9)))).toEqual([2024, 1, 0]);
    expect([...parts.apply(fitted, Float64Array.of(Number.NaN), 1)]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
    expect(parts.schema.safeParse({ parts: ['month', 'month'] }).success).toBe(false);
  });
});

describe('random projection', () => {
  it('keeps lengths on average, and takes as many directions as the bound asks for', () => {
    const projection = entry('reduce', 'random_projection');
    const width = 400;
    const x = Float64Array.from({ length: 20 * width }, (_, i) => Math.sin(i * i));
    for (const distribution of ['gaussian', 'sparse']) {
      const params = projection.schema.parse({ components: 200, distribution });
      const fitted = projection.fit(rowsOf(x, [width]), params);
      const found = projection.apply(fitted, x, 20);
      const square = (values: Float64Array) => values.reduce((sum, v) => sum + v * v, 0);
      expect(square(found) / square(x)).toBeGreaterThan(0.85);
      expect(square(found) / square(x)).toBeLessThan(1.15);
    }
    // scikit-learn: johnson_lindenstrauss_min_dim(20, eps=0.5) = 143
    expect(projection.fit(rowsOf(x, [width]), projection.schema.parse({ eps: 0.5 })).shape).toEqual([143]);
    expect(() => projection.fit(rowsOf(x, [width]), projection.schema.parse({}))).toThrow(
      /more than the 400/,
    );
  });
});

describe('hashing', () => {
  it('gives a level that training lacks, and a missing one, nothing', () => {
    const hashing = entry('encode', 'hashing');
    const fitted = hashing.fit(
      rowsOf([0, 1], [1], { columns: [column] }),
      hashing.schema.parse({ outputs: 4 }),
    );
    expect([...hashing.apply(fitted, flat([[-1], [null]]), 2)]).toEqual(new Array(8).fill(0));
  });
});
