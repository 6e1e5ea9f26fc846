import { describe, expect, it } from 'vitest';
import { streamKey } from '../../src/base/random.ts';
import { fansOf, initializers } from '../../src/catalog/initializers/index.ts';

const key = streamKey(42, 'init/dense_1/kernel');
const values = (name: string, shape: readonly number[], fields: object = {}, stream = key) => {
  const entry = initializers.get(name)!;
  return entry.values(shape, fansOf(shape), stream, entry.schema.parse(fields));
};
function moments(v: Float32Array) {
  const mean = v.reduce((a, b) => a + b, 0) / v.length;
  const std = Math.sqrt(v.reduce((a, b) => a + (b - mean) ** 2, 0) / v.length);
  return { mean, std, largest: v.reduce((a, b) => Math.max(a, Math.abs(b)), 0) };
}

describe('fans', () => {
  it.each([
    [[], 1, 1],
    [[7], 7, 7],
    [[784, 128], 784, 128],
    [[3, 3, 32, 64], 288, 576],
  ])('of %j', (shape, inputs, outputs) => {
    expect(fansOf(shape)).toEqual({ in: inputs, out: outputs });
  });
});

describe('spread of the values', () => {
  const shape = [300, 200]; // 60,000 draws: the standard deviation is known to 0.3%, the mean to 0.4% of it

  // Keras: variance 2/(in+out), 2/in, 1/in; a uniform's limit is sqrt(3) of its deviation, and a normal that is
  // cut off at two of its own deviations reaches 2 / 0.8796 of the one that is left.
  const uniformLimit = Math.sqrt(3);
  const normalLimit = 2 / 0.87962566103423978;
  it.each([
    ['glorot_uniform', Math.sqrt(2 / 500), uniformLimit],
    ['glorot_normal', Math.sqrt(2 / 500), normalLimit],
    ['he_uniform', Math.sqrt(2 / 300), uniformLimit],
    ['he_normal', Math.sqrt(2 / 300), normalLimit],
    ['lecun_uniform', Math.sqrt(1 / 300), uniformLimit],
    ['lecun_normal', Math.sqrt(1 / 300), normalLimit],
  ])('%s', (name, deviation, limit) => {
    const { mean, std, largest } = moments(values(name, shape));
    expect(Math.abs(mean)).toBeLessThan(0.02 * deviation);
    expect(std / deviation).toBeCloseTo(1, 1.7);
    expect(largest).toBeLessThanOrEqual(limit * deviation * 1.000001);
    expect(largest).toBeGreaterThan(0.99 * limit * deviation);
  });

  it('random_normal, truncated_normal and random_uniform', () => {
    const normal = moments(values('random_normal', shape, { mean: 3, stddev: 2 }));
    expect(normal.mean).toBeCloseTo(3, 1);
    expect(normal.std).toBeCloseTo(2, 1);
    expect(normal.largest).toBeGreaterThan(3 + 2 * 3);
    const cut = moments(values('truncated_normal', shape, { stddev: 2 }));
    expect(cut.std).toBeCloseTo(2 * 0.8796, 1);
    expect(cut.largest).toBeLessThanOrEqual(4);
    const uniform = values('random_uniform', shape, { minval: 1, maxval: 2 });
    expect(uniform.every((v) => v >= 1 && v <= 2)).toBe(true);
    expect(moments(uniform).mean).toBeCloseTo(1.5, 2);
  });

  it('zeros, ones, constant', () => {
    expect([...values('zeros', [2])]).toEqual([0, 0]);
    expect([...values('ones', [2])]).toEqual([1, 1]);
    expect([...values('constant', [3], { value: 0.5 })]).toEqual([0.5, 0.5, 0.5]);
  });
});

describe('orthogonal', () => {
  /** M Mᵀ or Mᵀ M, whichever is the smaller. */
  function gram(m: Float32Array, rows: number, columns: number): number[] {
    const n = Math.min(rows, columns);
    const at = (i: number, k: number) => (rows <= columns ? m[i * columns + k]! : m[k * columns + i]!);
    return Array.from({ length: n * n }, (_, ij) => {
      let sum = 0;
      for (let k = 0; k < Math.max(rows, columns); k++) sum += at(Math.floor(ij / n), k) * at(ij % n, k);
      return sum;
    });
  }

  it.each([
    [[6, 4], 6, 4],
    [[4, 6], 4, 6],
    [[40, 40], 40, 40],
    [[3, 3, 2, 5], 18, 5],
  ])('%j has orthonormal rows or columns, times the gain', (shape, rows, columns) => {
    const found = gram(values('orthogonal', shape, { gain: 3 }), rows, columns);
    const n = Math.min(rows, columns);
    found.forEach((value, ij) => {
      expect(value).toBeCloseTo(ij % (n + 1) === 0 ? 9 : 0, 5);
    });
  });

  it('favours no sign', () => {
    // The diagonal of Q alone would lean to one side if signs were left as a decomposition makes them.
    const draws = Array.from({ length: 200 }, (_, i) => {
      const q = values('orthogonal', [3, 3], {}, streamKey(i, 'init/x'));
      return Math.sign(q[0]!) + Math.sign(q[4]!) + Math.sign(q[8]!);
    });
    expect(Math.abs(draws.reduce((a, b) => a + b, 0))).toBeLessThan(100); // 4 deviations of 600 fair coins
  });
});

describe('every initializer', () => {
  it.each([...initializers.keys()])('%s is a function of the stream alone', (name) => {
    const shape = [5, 6];
    const once = values(name, shape);
    expect(once).toHaveLength(30);
    expect(once.every(Number.isFinite)).toBe(true);
    expect(values(name, shape)).toEqual(once);
    const other = values(name, shape, {}, streamKey(42, 'init/dense_2/kernel'));
    const fixed = ['zeros', 'ones', 'constant'].includes(name);
    expect(other.every((v, i) => v === once[i])).toBe(fixed);
  });
});
