import { describe, expect, test } from 'vitest';
import { evaluateGraph } from '../../src/engines/reference/index.ts';
import {
  BATCH,
  bind,
  differentiate,
  GraphBuilder,
  isBound,
  product,
  symbolic,
  verify,
} from '../../src/graph/index.ts';

const LENGTH = symbolic('length');

describe('sizes', () => {
  test('are multiplied into one text, whatever their order', () => {
    expect(product([2, 3])).toBe(6);
    expect(product([BATCH, 28, 28])).toBe('784*batch');
    expect(product([LENGTH, 3, BATCH])).toBe(product([product([BATCH, 3]), LENGTH]));
    expect(product([1, BATCH])).toBe('batch');
  });
  test('have names', () => {
    expect(() => symbolic('2*batch')).toThrow('"2*batch" is no name of a size');
  });
});

describe('shape rules', () => {
  const g = new GraphBuilder();
  const x = g.input('x', [BATCH, LENGTH, 4]);

  test('carry them', () => {
    expect(g.relu(x).shape).toEqual([BATCH, LENGTH, 4]);
    expect(g.sum(x, [1]).shape).toEqual([BATCH, 4]);
    expect(g.argmax(x, 2).shape).toEqual([BATCH, LENGTH]);
    expect(g.transpose(x, [1, 0, 2]).shape).toEqual([LENGTH, BATCH, 4]);
    expect(g.reshape(x, [product([BATCH, LENGTH]), 4]).shape).toEqual(['batch*length', 4]);
    expect(g.concat([x, x], 2).shape).toEqual([BATCH, LENGTH, 8]);
    expect(g.slice(x, [0, 0, 1], [BATCH, LENGTH, 3]).shape).toEqual([BATCH, LENGTH, 2]);
    expect(g.pad(x, [0, 0, 1], [0, 0, 1]).shape).toEqual([BATCH, LENGTH, 6]);
    expect(g.matmul(x, x, { b: true }).shape).toEqual([BATCH, LENGTH, LENGTH]);
    const index = g.input('index', [BATCH, LENGTH], 'i32');
    expect(g.gather(g.input('table', [10, 3]), index).shape).toEqual([BATCH, LENGTH, 3]);
    expect(g.iota([LENGTH], 0).shape).toEqual([LENGTH]);
    expect(g.mean(x, [1]).shape).toEqual([BATCH, 4]);
  });
  test('refuse what depends on their values', () => {
    expect(() => g.add(x, g.input('other', [LENGTH, BATCH, 4]))).toThrow('broadcast');
    expect(() => g.reshape(x, [BATCH, 4])).toThrow('reshape f32[batch, length, 4] to [batch, 4]');
    expect(() => g.slice(x, [0, 1, 0], [BATCH, LENGTH, 4])).toThrow('of a symbolic size all is taken');
    expect(() => g.pad(x, [0, 1, 0], [0, 0, 0])).toThrow("a symbolic size can't be padded");
    expect(() => g.concat([x, x], 1)).toThrow('expected a fixed size, found length');
    expect(() => g.matmul(x, g.input('short', [BATCH, 4, 5]), { a: true })).toThrow('inner sizes length, 4');
  });
  test('tell a size of 7919 from a batch', () => {
    expect(() => g.reshape(g.input('wide', [BATCH, 7919]), [7919, 7919])).toThrow('reshape');
  });
});

/** An attention-like network with a loss whose gradient goes through every movement. */
function network(): GraphBuilder {
  const g = new GraphBuilder();
  const x = g.input('x', [BATCH, LENGTH, 4]);
  const w = g.input('w', [4, 4]);
  const rows = g.matmul(g.reshape(x, [product([BATCH, LENGTH]), 4]), w);
  const mapped = g.tanh(g.reshape(rows, [BATCH, LENGTH, 4]));
  const weights = g.softmax(g.matmul(mapped, x, { b: true }));
  const mixed = g.pad(
    g.slice(g.matmul(weights, mapped), [0, 0, 1], [BATCH, LENGTH, 4]),
    [0, 0, 1],
    [0, 0, 0],
  );
  const loss = g.sum(g.square(g.mean(g.concat([mixed, mapped], 2), [1])));
  const [gradient] = differentiate(g, loss, [w]);
  g.output('loss', loss);
  g.output('d w', gradient!);
  return g;
}

describe('bind', () => {
  test('gives the graph that would have been built with the numbers', () => {
    const graph = network().finish();
    verify(graph);
    expect(isBound(graph)).toBe(false);
    const bound = bind(graph, { batch: 2, length: 3 });
    verify(bound);
    expect(isBound(bound)).toBe(true);
    const values = (n: number) => Float64Array.from({ length: n }, (_, i) => Math.sin(i + 1));
    const run = (w: Float64Array) => evaluateGraph(bound, { x: values(24), w });
    const [w, step] = [values(16), 1e-6];
    const found = run(w);
    w.forEach((value, i) => {
      const at = (moved: number) => run(w.with(i, moved))['loss']![0]!;
      const slope = (at(value + step) - at(value - step)) / (2 * step);
      expect(found['d w']![i]).toBeCloseTo(slope, 5);
    });
  });
  test('is the graph itself where nothing is symbolic', () => {
    const g = new GraphBuilder();
    g.output('y', g.neg(g.input('x', [3])));
    const graph = g.finish();
    expect(bind(graph)).toBe(graph);
  });
  test('needs every size, and engines need a bound graph', () => {
    const graph = network().finish();
    expect(() => bind(graph, { batch: 2 })).toThrow('the size length is not known');
    expect(() => evaluateGraph(graph, {})).toThrow('the size batch is not known');
  });
});
