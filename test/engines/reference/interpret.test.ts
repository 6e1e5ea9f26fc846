import { describe, expect, test } from 'vitest';
import { fillMask, streamKey } from '../../../src/base/random.ts';
import { evaluateGraph } from '../../../src/engines/reference/index.ts';
import { GraphBuilder, GraphError, type Node } from '../../../src/graph/index.ts';

/** The elements of one value. */
function value(build: (g: GraphBuilder) => Node): number[] {
  const g = new GraphBuilder();
  g.output('y', build(g));
  return [...evaluateGraph(g.finish(), {})['y']!];
}
const f32 = (g: GraphBuilder, shape: number[], ...data: number[]) =>
  g.constant(Float32Array.from(data), shape);
const i32 = (g: GraphBuilder, shape: number[], ...data: number[]) => g.constant(Int32Array.from(data), shape);
const none = [
  [0, 0],
  [0, 0],
] as const;

describe('element-wise', () => {
  test('erf agrees with Abramowitz & Stegun, table 7.1', () => {
    const x = [0, 0.5, 1, 1.5, 2, 3];
    const table = [0, 0.5204998778, 0.8427007929, 0.9661051465, 0.995322265, 0.9999779095];
    value((g) => g.erf(f32(g, [6], ...x))).forEach((y, i) => {
      expect(y).toBeCloseTo(table[i]!, 9);
    });
    expect(value((g) => g.erf(f32(g, [3], -1, -40, Infinity)))).toEqual([
      expect.closeTo(-table[2]!, 9),
      -1,
      1,
    ]);
  });
  test('stays finite where the result is', () => {
    expect(value((g) => g.sigmoid(f32(g, [3], -1000, 0, 1000)))).toEqual([0, 0.5, 1]);
    expect(value((g) => g.tanh(f32(g, [2], -1000, 1000)))).toEqual([-1, 1]);
    expect(value((g) => g.softmax(f32(g, [2], 1000, 1000)))).toEqual([0.5, 0.5]);
  });
  test('step, relu and sign at 0', () => {
    const x = (g: GraphBuilder) => f32(g, [3], -2, 0, 2);
    expect(value((g) => g.step(x(g)))).toEqual([0, 0, 1]);
    expect(value((g) => g.relu(x(g)))).toEqual([0, 0, 2]);
    expect(value((g) => g.sign(x(g)))).toEqual([-1, 0, 1]);
  });
  test('casts truncate towards zero; integer division does too', () => {
    expect(value((g) => g.cast(f32(g, [4], -1.9, -0.5, 0.5, 1.9), 'i32'))).toEqual([-1, -0, 0, 1]);
    expect(value((g) => g.cast(f32(g, [3], -1, 0, 0.5), 'bool'))).toEqual([1, 0, 1]);
    expect(value((g) => g.div(i32(g, [2], 7, -7), 2))).toEqual([3, -3]);
  });
  test('comparisons and select', () => {
    const [a, b] = [
      [1, 2, 3],
      [2, 2, 2],
    ] as const;
    expect(value((g) => g.greater(f32(g, [3], ...a), f32(g, [3], ...b)))).toEqual([0, 0, 1]);
    expect(value((g) => g.greaterEqual(f32(g, [3], ...a), f32(g, [3], ...b)))).toEqual([0, 1, 1]);
    expect(value((g) => g.equal(f32(g, [3], ...a), f32(g, [3], ...b)))).toEqual([0, 1, 0]);
    expect(value((g) => g.select(g.greater(f32(g, [3], ...a), 2), f32(g, [3], ...a), -1))).toEqual([
      -1, -1, 3,
    ]);
  });
});

describe('reductions and movement', () => {
  const x = (g: GraphBuilder) => f32(g, [2, 3], 1, 5, 5, 4, 3, 4);
  test('reductions', () => {
    expect(value((g) => g.sum(x(g), [0]))).toEqual([5, 8, 9]);
    expect(value((g) => g.sum(x(g), [1]))).toEqual([11, 11]);
    expect(value((g) => g.max(x(g), [0, 1]))).toEqual([5]);
    expect(value((g) => g.argmax(x(g), 1))).toEqual([1, 0]); // the first of equals
    expect(value((g) => g.argmax(x(g), 0))).toEqual([1, 0, 0]);
  });
  test('movement', () => {
    expect(value((g) => g.transpose(x(g), [1, 0]))).toEqual([1, 4, 5, 3, 5, 4]);
    expect(value((g) => g.transpose(g.iota([2, 1, 3], 2), [2, 0, 1]))).toEqual([0, 0, 1, 1, 2, 2]);
    expect(value((g) => g.broadcast(f32(g, [2, 1], 1, 2), [2, 2, 2]))).toEqual([1, 1, 2, 2, 1, 1, 2, 2]);
    expect(value((g) => g.slice(x(g), [0, 0], [2, 3], [1, 2]))).toEqual([1, 5, 4, 4]);
    expect(value((g) => g.pad(f32(g, [2], 1, 2), [1], [2], [1], 9))).toEqual([9, 1, 9, 2, 9, 9]);
    expect(value((g) => g.concat([f32(g, [2, 1], 1, 2), x(g)], 1))).toEqual([1, 1, 5, 5, 2, 4, 3, 4]);
    expect(value((g) => g.gather(x(g), i32(g, [3], 1, 0, 1)))).toEqual([4, 3, 4, 1, 5, 5, 4, 3, 4]);
    expect(value((g) => g.scatterAdd(i32(g, [3], 2, 0, 2), f32(g, [3], 1, 2, 4), 4))).toEqual([2, 0, 5, 0]);
    expect(value((g) => g.oneHot(i32(g, [2], 2, 0), 3))).toEqual([0, 0, 1, 1, 0, 0]);
  });
});

describe('contractions and windows', () => {
  test('matmul, each operand as stored or transposed', () => {
    // [[1, 2], [3, 4]] [[5, 6], [7, 8]] = [[19, 22], [43, 50]]
    const [a, at, b, bt] = [
      [1, 2, 3, 4],
      [1, 3, 2, 4],
      [5, 6, 7, 8],
      [5, 7, 6, 8],
    ] as const;
    const product = (p: readonly number[], q: readonly number[], transpose: { a?: boolean; b?: boolean }) =>
      value((g) => g.matmul(f32(g, [2, 2], ...p), f32(g, [2, 2], ...q), transpose));
    expect(product(a, b, {})).toEqual([19, 22, 43, 50]);
    expect(product(at, b, { a: true })).toEqual([19, 22, 43, 50]);
    expect(product(a, bt, { b: true })).toEqual([19, 22, 43, 50]);
    expect(product(at, bt, { a: true, b: true })).toEqual([19, 22, 43, 50]);
  });
  test('conv2d is a cross-correlation, with zeros as padding', () => {
    const image = (g: GraphBuilder) => f32(g, [1, 3, 3, 1], 1, 2, 3, 4, 5, 6, 7, 8, 9);
    const kernel = (g: GraphBuilder) => f32(g, [2, 2, 1, 1], 1, 10, 100, 1000);
    const plain = { strides: [1, 1], padding: none, dilations: [1, 1] } as const;
    expect(value((g) => g.conv2d(image(g), kernel(g), plain))).toEqual([5421, 6532, 8754, 9865]);
    expect(value((g) => g.conv2d(image(g), kernel(g), { ...plain, dilations: [2, 2] }))).toEqual([9731]);
    const padded = {
      ...plain,
      strides: [2, 2],
      padding: [
        [1, 0],
        [1, 0],
      ],
    } as const;
    expect(value((g) => g.conv2d(image(g), kernel(g), padded))).toEqual([1000, 3200, 7040, 9865]);
  });
  test('pools: padding belongs to no window', () => {
    const image = (g: GraphBuilder) => f32(g, [1, 2, 3, 1], -1, -2, -3, -4, -5, -6);
    const attrs = {
      window: [2, 2],
      strides: [2, 2],
      padding: [
        [0, 0],
        [1, 0],
      ],
    } as const;
    expect(value((g) => g.maxPool2d(image(g), attrs))).toEqual([-1, -2]);
    expect(value((g) => g.sumPool2d(image(g), attrs))).toEqual([-5, -16]);
  });
});

describe('inputs and masks', () => {
  test('masks are the streams of base/random, or what the caller says', () => {
    const g = new GraphBuilder();
    g.output('mask', g.randomMask('dropout/1', 0.5, [3, 5]));
    const want = new Float32Array(15);
    fillMask(want, streamKey(42, 'dropout/1', 9), 0.5);
    expect([...evaluateGraph(g.finish(), {}, { seed: 42, counter: 9 })['mask']!]).toEqual([...want]);
    const given = evaluateGraph(g.finish(), {}, { mask: (_, rate, size) => new Array(size).fill(rate) });
    expect([...given['mask']!]).toEqual(new Array(15).fill(0.5));
  });
  test('a missing input, a wrong size and an index out of range are named', () => {
    const g = new GraphBuilder();
    const [x, index] = [g.input('x', [2]), g.input('index', [1], 'i32')];
    g.output('y', g.gather(x, index));
    const run = (inputs: Record<string, number[]>) => () => evaluateGraph(g.finish(), inputs);
    expect(run({ index: [0] })).toThrow(GraphError);
    expect(run({ index: [0] })).toThrow('input "x" needs 2 values, found none');
    expect(run({ x: [1, 2, 3], index: [0] })).toThrow('input "x" needs 2 values, found 3');
    expect(run({ x: [1, 2], index: [2] })).toThrow('index 2 into a table of 2 rows');
    expect(run({ x: [1, 2], index: [1] })()['y']).toEqual(new Float64Array([2]));
  });
});
