import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Misfit } from '../../../src/base/misfit.ts';
import { streamKey } from '../../../src/base/random.ts';
import { type FitRows, transforms } from '../../../src/catalog/transforms/index.ts';
import { covariance } from '../../../src/catalog/transforms/reduce/covariance.ts';
import { symmetricEigen } from '../../../src/catalog/transforms/reduce/symmetric-eigen.ts';
import { evaluateGraph } from '../../../src/engines/reference/index.ts';
import { GraphBuilder } from '../../../src/graph/index.ts';

interface Case {
  name: string;
  params: Record<string, unknown>;
  rows: number[];
  expected: number[];
  outputs?: number;
  ratio?: number[];
}
interface Fixture {
  features: number;
  train: number[];
  cases: Case[];
  wide: { train: number[]; features: number; components: number; expected: number[]; ratio: number[] };
  eigen: { n: number; matrix: number[]; values: number[] };
}
const fixture: Fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/transforms.json', import.meta.url), 'utf8'),
);

/** Those of plain numbers; impute and encode have columns, see columns.test.ts. */
const all = new Map([...transforms.get('normalize')!, ['pca', transforms.get('reduce')!.get('pca')!]]);
const rowsOf = (values: ArrayLike<number>, shape: readonly number[]): FitRows => {
  const width = shape.reduce((a, b) => a * b, 1);
  return {
    count: values.length / width,
    shape,
    stream: streamKey(1, 'test'),
    row: (i, out) => {
      for (let j = 0; j < width; j++) out[j] = values[i * width + j]!;
    },
  };
};
/** Agreement to 1e-6 of the larger of 1 and the expected value. */
function close(found: ArrayLike<number>, expected: readonly number[]): void {
  expect(found.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs(found[i]! - value), `value ${i}: ${found[i]} for ${value}`).toBeLessThanOrEqual(
      1e-6 * Math.max(1, Math.abs(value)),
    );
  });
}

describe('agrees with scikit-learn', () => {
  for (const { name, params, rows, expected, outputs, ratio } of fixture.cases)
    it(`${name} ${JSON.stringify(params)}`, () => {
      const entry = all.get(name)!;
      const parsed = entry.schema.parse(params);
      const fitted = entry.fit(rowsOf(fixture.train, [fixture.features]), parsed);
      close(entry.apply(fitted, Float64Array.from(rows), rows.length / fixture.features), expected);
      if (outputs !== undefined) expect(fitted.shape).toEqual([outputs]);
      if (ratio !== undefined) close(fitted.facts!['explained_variance_ratio'] as number[], ratio);
    });

  it('pca of fewer rows than features', () => {
    const { train, features, components, expected, ratio } = fixture.wide;
    const pca = all.get('pca')!;
    const rows = rowsOf(train, [2, features / 2, 1]);
    const fitted = pca.fit(rows, { components, whiten: false });
    close(pca.apply(fitted, Float64Array.from(train), rows.count), expected);
    close(fitted.facts!['explained_variance_ratio'] as number[], ratio);
  });
});

describe('fields', () => {
  it('axis is `feature` unless given', () => {
    expect(all.get('standard')!.schema.parse({})).toEqual({ axis: 'feature' });
    expect(all.get('standard')!.schema.safeParse({ axis: 'row' }).success).toBe(false);
    expect(all.get('pixel')!.schema.safeParse({ axis: 'all' }).success).toBe(false);
  });
  it.each([0, -1, 1.5, 2.5])('components: %s is refused', (components) => {
    expect(all.get('pca')!.schema.safeParse({ components }).success).toBe(false);
  });
  it('pca knows its shape only from a count', () => {
    const pca = all.get('pca')!;
    expect(pca.shape([28, 28, 1], { components: 50, whiten: false })).toEqual([50]);
    expect(pca.shape([28, 28, 1], { components: 0.9, whiten: false })).toBeUndefined();
    expect(() => pca.shape([4], { components: 5, whiten: false })).toThrow(Misfit);
    expect(() => pca.fit(rowsOf([1, 2, 3, 4, 5, 6], [3]), { components: 3, whiten: false })).toThrow(
      /only 2 training rows/,
    );
  });
  it('log1p names the negative value', () => {
    const log1p = all.get('log1p')!;
    const fitted = log1p.fit(rowsOf([1], [1]), {});
    expect(() => log1p.apply(fitted, Float64Array.of(3, -0.5), 2)).toThrow(/found -0.5/);
  });
  it('the summary tells what was learned', () => {
    const rows = rowsOf(
      new Float64Array(7000).map((_, i) => i % 2),
      [1],
    );
    expect(all.get('standard')!.fit(rows, { axis: 'all' }).summary).toBe(
      'mean 0.5, std 0.5 over 7,000 training rows',
    );
  });
});

describe('symmetricEigen', () => {
  it('agrees with LAPACK, with a double eigenvalue and a zero', () => {
    const { n, matrix, values } = fixture.eigen;
    close(symmetricEigen(Float64Array.from(matrix), n).values, values);
  });

  it('A v = λ v with orthonormal v for any symmetric matrix', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }).chain((n) =>
          fc.tuple(
            fc.constant(n),
            fc.array(
              fc.oneof(fc.integer({ min: -2, max: 2 }), fc.double({ min: -1e3, max: 1e3, noNaN: true })),
              {
                minLength: n * n,
                maxLength: n * n,
              },
            ),
          ),
        ),
        ([n, entries]) => {
          const a = Float64Array.from(entries, (_, at) => {
            const [i, j] = [Math.floor(at / n), at % n];
            return entries[Math.min(i, j) * n + Math.max(i, j)]!;
          });
          const { values, vectors } = symmetricEigen(a, n);
          const size = Math.max(1, ...a.map(Math.abs));
          for (let p = 0; p < n; p++)
            for (let i = 0; i < n; i++) {
              let product = 0;
              let dot = 0;
              for (let j = 0; j < n; j++) product += a[i * n + j]! * vectors[p * n + j]!;
              for (let j = 0; j < n; j++) dot += vectors[p * n + j]! * vectors[i * n + j]!;
              expect(Math.abs(product - values[p]! * vectors[p * n + i]!)).toBeLessThan(1e-11 * size * n);
              expect(Math.abs(dot - (p === i ? 1 : 0))).toBeLessThan(1e-12 * n);
            }
        },
      ),
    );
  });
});

describe('covariance', () => {
  it('is that of the textbook, also far from zero and with empty columns', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 21 }),
        fc.constantFrom(0, 1e6),
        fc.infiniteStream(fc.integer({ min: 0, max: 5 })),
        (count, offset, stream) => {
          const width = 4;
          const x = Float64Array.from({ length: count * width }, (_, i) =>
            i % width === 2 ? offset : offset + stream.next().value,
          );
          const { mean, matrix } = covariance(rowsOf(x, [width]));
          for (let i = 0; i < width; i++) {
            for (let j = 0; j < width; j++) {
              let sum = 0;
              for (let k = 0; k < count; k++)
                sum += (x[k * width + i]! - mean[i]!) * (x[k * width + j]! - mean[j]!);
              expect(matrix[i * width + j]).toBeCloseTo(sum / (count - 1), 8);
            }
            let total = 0;
            for (let k = 0; k < count; k++) total += x[k * width + i]! - offset;
            expect(mean[i]! - offset).toBeCloseTo(total / count, 8);
          }
        },
      ),
    );
  });
});

describe('emit', () => {
  it('every case of the fixture gives the same numbers as a graph', () => {
    for (const { name, params, rows, expected } of fixture.cases) {
      const entry = all.get(name)!;
      const fitted = entry.fit(rowsOf(fixture.train, [fixture.features]), entry.schema.parse(params));
      const count = rows.length / fixture.features;
      const g = new GraphBuilder();
      g.output('y', entry.emit(g, g.input('x', [count, fixture.features]), fitted));
      const { y } = evaluateGraph(g.finish(), { x: rows }, { seed: 0, counter: 0 });
      expect(y!.length, name).toBe(expected.length);
      // Constants of the graph are float32: 1e-6 of the largest input over the scale, 2e-4 for whitened directions.
      expected.forEach((value, i) => {
        expect(Math.abs(y![i]! - value), `${name} ${JSON.stringify(params)} ${i}`).toBeLessThanOrEqual(
          (params['whiten'] ? 1e-3 : 2e-4) * Math.max(1, Math.abs(value)),
        );
      });
    }
  });

  it('takes images as they are', () => {
    const pixels = Float64Array.from({ length: 3 * 12 }, (_, i) => (i * 37) % 256);
    for (const [name, params] of [
      ['standard', { axis: 'all' }],
      ['standard', { axis: 'feature' }],
      ['l2', {}],
      ['pca', { components: 2, whiten: false }],
    ] as const) {
      const entry = all.get(name)!;
      const fitted = entry.fit(rowsOf(pixels, [2, 3, 2]), params);
      const g = new GraphBuilder();
      const out = entry.emit(g, g.input('x', [3, 2, 3, 2]), fitted);
      expect(out.shape).toEqual([3, ...fitted.shape]);
      g.output('y', out);
      const { y } = evaluateGraph(g.finish(), { x: pixels }, { seed: 0, counter: 0 });
      entry.apply(fitted, pixels, 3).forEach((value, i) => {
        expect(y![i]).toBeCloseTo(value, 3);
      });
    }
  });

  it('a column far from zero keeps its digits in float32', () => {
    const years = Float64Array.from({ length: 50 }, (_, i) => 1e6 + 0.5 * (i % 7));
    const standard = all.get('standard')!;
    const fitted = standard.fit(rowsOf(years, [1]), { axis: 'feature' });
    const g = new GraphBuilder();
    const out = standard.emit(g, g.input('x', [50, 1]), fitted);
    const names = g.nodes.map((node) => node.op).filter((op) => op === 'sub' || op === 'mul' || op === 'add');
    expect(names).toEqual(['sub', 'mul', 'add']); // the subtraction comes first
    g.output('y', out);
    const { y } = evaluateGraph(g.finish(), { x: years }, { seed: 0, counter: 0 });
    standard.apply(fitted, years, 50).forEach((value, i) => {
      expect(y![i]).toBeCloseTo(value, 6);
    });
  });
});
