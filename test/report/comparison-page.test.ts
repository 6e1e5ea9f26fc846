import fc from 'fast-check';
import { expect, it } from 'vitest';
import { apart } from '../../src/report/comparison-page/curves.ts';

it('letters at the ends of curves keep apart, in the order of the curves, and stay where there is room', () => {
  expect(apart([100, 40, 200], 11)).toEqual([100, 40, 200]);
  expect(apart([100, 98], 11)).toEqual([100, 89]);
  expect(apart([50, 50, 50], 11)).toEqual([28, 39, 50]);
  expect(apart([], 11)).toEqual([]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 8 }), (places) => {
      const found = apart(places, 11);
      const sorted = [...found].sort((a, b) => a - b);
      for (let i = 1; i < sorted.length; i++) expect(sorted[i]! - sorted[i - 1]!).toBeGreaterThanOrEqual(11);
      places.forEach((a, i) => {
        places.forEach((b, j) => {
          if (a < b) expect(found[i]).toBeLessThan(found[j]!);
        });
      });
    }),
  );
});
