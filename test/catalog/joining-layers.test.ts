import { describe, expect, it } from 'vitest';
import { Misfit } from '../../src/base/misfit.ts';
import { sizeOf } from '../../src/base/shape.ts';
import { layers } from '../../src/catalog/layers/index.ts';
import type { LayerContext } from '../../src/catalog/layers/layer.ts';
import { evaluateGraph } from '../../src/engines/reference/interpret.ts';
import { differentiate, fixedShape, GraphBuilder } from '../../src/graph/index.ts';

interface Tensor {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** The layer's value, and d sum(value · weights) / d input, of each input. */
function run(type: string, fields: object, tensors: readonly Tensor[], weights?: readonly number[]) {
  const g = new GraphBuilder();
  const entry = layers.get(type)!;
  const inputs = tensors.map(({ shape }, i) => g.input(`in${i}`, shape));
  const value = entry.apply({ g } as LayerContext, inputs, entry.schema.parse(fields));
  g.output('value', value);
  const loss = g.sum(g.mul(value, g.input('weights', value.shape)));
  differentiate(g, loss, inputs).forEach((gradient, i) => {
    g.output(`d${i}`, gradient);
  });
  const size = sizeOf(fixedShape(value.shape));
  const results = evaluateGraph(g.finish(), {
    ...Object.fromEntries(tensors.map(({ data }, i) => [`in${i}`, Float32Array.from(data)])),
    weights: Float32Array.from(weights ?? new Array<number>(size).fill(1)),
  });
  return { shape: value.shape, results };
}

const misfit = (type: string, fields: object, shapes: readonly (readonly number[])[]): Misfit => {
  const tensors = shapes.map((shape) => ({
    shape,
    data: new Array(shape.reduce((a, b) => a * b, 1)).fill(0),
  }));
  try {
    run(type, fields, tensors);
  } catch (error) {
    if (error instanceof Misfit) return error;
    throw error;
  }
  throw new Error('no misfit');
};

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe('concatenate', () => {
  it("gives what Keras' documentation shows", () => {
    const x = { shape: [2, 2, 5], data: range(0, 20) };
    const y = { shape: [2, 1, 5], data: range(20, 30) };
    const { shape, results } = run('concatenate', { axis: 1 }, [x, y]);
    expect(shape).toEqual([2, 3, 5]);
    expect([...results['value']!]).toEqual([
      ...range(0, 10),
      ...range(20, 25),
      ...range(10, 20),
      ...range(25, 30),
    ]);
  });

  it('joins along the last axis unless told otherwise, and gives each input its part of the gradient', () => {
    const { shape, results } = run(
      'concatenate',
      {},
      [
        { shape: [2, 1], data: [1, 2] },
        { shape: [2, 2], data: [3, 4, 5, 6] },
        { shape: [2, 1], data: [7, 8] },
      ],
      [10, 11, 12, 13, 14, 15, 16, 17],
    );
    expect(shape).toEqual([2, 4]);
    expect([...results['value']!]).toEqual([1, 3, 4, 7, 2, 5, 6, 8]);
    expect([...results['d0']!]).toEqual([10, 14]);
    expect([...results['d1']!]).toEqual([11, 12, 15, 16]);
    expect([...results['d2']!]).toEqual([13, 17]);
  });

  it('refuses shapes that differ elsewhere, and the batch axis', () => {
    const apart = misfit('concatenate', {}, [
      [2, 4, 3],
      [2, 5, 3],
    ]);
    expect(apart.message).toBe(
      'concatenate joins shapes that differ along axis -1 alone; it gets (4, 3) and (5, 3)',
    );
    expect(apart.field).toBe('inputs');
    expect(
      misfit('concatenate', {}, [
        [2, 4, 3],
        [2, 3],
      ]).code,
    ).toBe('shape');
    expect(
      misfit('concatenate', { axis: 0 }, [
        [2, 3],
        [2, 3],
      ]).message,
    ).toBe('axis 0 is the batch');
    expect(
      misfit('concatenate', { axis: -2 }, [
        [2, 3],
        [2, 3],
      ]).message,
    ).toBe('axis -2 is the batch');
    expect(
      misfit('concatenate', { axis: 2 }, [
        [2, 3],
        [2, 3],
      ]).message,
    ).toBe("axis 2 isn't there in (3)");
  });
});

describe('add', () => {
  it("sums its inputs, as Keras' Add", () => {
    const { shape, results } = run(
      'add',
      {},
      [
        { shape: [2, 2], data: [1, 2, 3, 4] },
        { shape: [2, 2], data: [10, 20, 30, 40] },
        { shape: [2, 2], data: [100, 200, 300, 400] },
      ],
      [1, 2, 3, 4],
    );
    expect(shape).toEqual([2, 2]);
    expect([...results['value']!]).toEqual([111, 222, 333, 444]);
    for (const name of ['d0', 'd1', 'd2']) expect([...results[name]!]).toEqual([1, 2, 3, 4]);
  });

  it('needs inputs of one shape', () => {
    const wrong = misfit('add', {}, [
      [2, 3],
      [2, 4],
    ]);
    expect(wrong.message).toBe('add needs inputs of one shape but gets (3) and (4)');
  });
});
