import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metrics } from '../../src/catalog/metrics/index.ts';
import { type Line, rankingOfClasses, thinned } from '../../src/catalog/metrics/ranking-curves.ts';
import { textOf } from '../../src/pipeline/exhibits/values.ts';
import type { ClassPredictions } from '../../src/protocol/predictions.ts';
import { predictionsOf } from '../predictions-of.ts';

/** Two classes with ties. */
const drawn = fc
  .array(fc.record({ score: fc.integer({ min: 0, max: 12 }), truth: fc.integer({ min: 0, max: 1 }) }), {
    minLength: 4,
    maxLength: 120,
  })
  .filter((rows) => new Set(rows.map((r) => r.truth)).size === 2)
  .map(
    (rows): ClassPredictions =>
      predictionsOf({
        task: 'classification',
        scores: Float32Array.from(rows, (r) => r.score / 12),
        units: 1,
        truth: Int32Array.from(rows, (r) => r.truth),
        classes: ['no', 'yes'],
        decision: { kind: 'threshold', at: 0.5 },
      }),
  );

/** By the definition: what is found, and what it costs, from each threshold on. */
function corners(p: ClassPredictions) {
  const thresholds = [...new Set(p.scores)].sort((a, b) => b - a);
  const positives = Array.from(p.truth).reduce((sum, t) => sum + t, 0);
  return thresholds.map((at) => {
    let [hits, alarms] = [0, 0];
    p.scores.forEach((score, i) => {
      if (score < at) return;
      if (p.truth[i] === 1) hits++;
      else alarms++;
    });
    return {
      roc: [alarms / (p.count - positives), hits / positives] as const,
      pr: [hits / positives, hits / (hits + alarms)] as const,
    };
  });
}

/** How far a point is from a line of pieces. */
function away([x, y]: readonly [number, number], points: readonly (readonly [number, number])[]): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < points.length; i++) {
    const [[x1, y1], [x2, y2]] = [points[Math.max(0, i - 1)]!, points[i]!];
    const square = (x2 - x1) ** 2 + (y2 - y1) ** 2;
    const t =
      square === 0 ? 0 : Math.max(0, Math.min(1, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / square));
    best = Math.min(best, Math.hypot(x - x1 - t * (x2 - x1), y - y1 - t * (y2 - y1)));
  }
  return best;
}

const line = (points: readonly (readonly [number, number])[]): Line => ({
  x: Float64Array.from(points, ([x]) => x),
  y: Float64Array.from(points, ([, y]) => y),
  count: points.length,
});

describe('curves of a ranking', () => {
  it('pass through what each threshold gives, and have the areas of the metrics', () => {
    fc.assert(
      fc.property(drawn, (p) => {
        const [only] = rankingOfClasses(p).lines;
        for (const { roc, pr } of corners(p)) {
          expect(away(roc, only!.roc)).toBeLessThan(0.0015);
          expect(away(pr, only!.precision_recall)).toBeLessThan(0.0015);
        }
        expect(only!.area).toBeCloseTo(metrics.get('roc_auc')!.compute(p)!, 10);
        expect(only!.average_precision).toBeCloseTo(metrics.get('average_precision')!.compute(p)!, 10);
        expect(only!.roc.at(-1)).toEqual([1, 1]);
      }),
    );
  });

  it('keep to the line with fewer points', () => {
    const circle = Array.from({ length: 2000 }, (_, i) => [Math.cos(i / 500), Math.sin(i / 500)] as const);
    const few = thinned(line(circle));
    expect(few.length).toBeLessThan(120);
    for (const point of circle) expect(away(point, few)).toBeLessThan(0.0015);
    expect(
      thinned(
        line([
          [0, 0],
          [0.5, 0.5],
          [1, 1],
        ]),
      ),
    ).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });
});

it('values of a table read as people know them', () => {
  expect(textOf(Number.NaN)).toBeNull();
  expect(textOf(0.1 + 0.2)).toBe('0.3');
  expect(textOf(-1, { name: 'c', kind: 'category', levels: ['a'] })).toBe(
    '(a level that no training row has)',
  );
  expect(textOf(0, { name: 'c', kind: 'category', levels: ['a'] })).toBe('a');
  expect(textOf(19_000, { name: 'd', kind: 'date' })).toBe('2022-01-08');
  expect(textOf(19_000.25, { name: 'd', kind: 'date' })).toBe('2022-01-08 06:00');
  expect(textOf(1e300, { name: 'd', kind: 'date' })).toBeNull();
  expect(textOf(1, { name: 'b', kind: 'binary' })).toBe('true');
});
