import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { sizeOf } from '../../../src/base/shape.ts';
import { lower } from '../../../src/engines/onnx/lower/index.ts';
import { planLayouts } from '../../../src/engines/onnx/lower/layout.ts';
import { rewrite } from '../../../src/engines/onnx/lower/rewrite.ts';
import { evaluateGraph } from '../../../src/engines/reference/index.ts';
import { differentiate, fixedShape, type GraphBuilder, type Node } from '../../../src/graph/index.ts';
import { compileModel } from '../../bench/models.ts';
import { drawn, graphOf } from './plans.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const conv = {
  strides: [1, 1],
  dilations: [1, 1],
  padding: [
    [0, 0],
    [0, 0],
  ],
} as const;
const pool = { window: [2, 2], strides: [2, 2], padding: conv.padding } as const;
const census = (build: (g: GraphBuilder) => void) => lower(graphOf(build), '', {}).census;

describe('the training step of the MNIST CNN', () => {
  const { graph } = compileModel(root, 'configs/mnist-cnn.yaml').plan.programs.train!;

  test('transposes images three times: for flatten, back, and for the weight gradient', () => {
    const { nodes } = rewrite(graph);
    const layouts = planLayouts({ nodes, outputs: graph.outputs });
    expect(nodes.filter((n) => layouts[n.id] === 'nchw').length).toBeGreaterThan(8);
    const { census } = lower(graph, '', {});
    // and four times kernels of at most 64 x 32 x 3 x 3: two of conv2d_1, two of conv2d_2
    expect(census.Transpose).toBeLessThanOrEqual(7);
  });

  test('adds biases inside Gemm and Conv, and repeats nothing that is large', () => {
    const { census } = lower(graph, '', {});
    expect(census).toMatchObject({ Conv: 4, ConvTranspose: 1, Gemm: 6, MaxPool: 1, MaxUnpool: 1, Relu: 3 });
    expect(census.Softmax).toBeUndefined(); // its bits differ between CPUs
    expect(census.LogSoftmax).toBeUndefined();
  });
});

describe('fused forms', () => {
  test('a bias is added by Gemm, unless the product has another reader', () => {
    const dense = (more: boolean) => (g: GraphBuilder) => {
      const product = g.matmul(g.input('x', [2, 3]), g.input('w', [3, 4]));
      g.output('y', g.add(product, g.input('b', [4])));
      if (more) g.output('product', product);
    };
    expect(census(dense(false))).toEqual({ Gemm: 1 });
    expect(census(dense(true))).toEqual({ Gemm: 1, Add: 1 });
  });

  test('a bias that also repeats over channels is no bias of Conv', () => {
    const biased = (shape: number[]) => (g: GraphBuilder) => {
      const y = g.conv2d(g.input('x', [2, 4, 4, 3]), g.input('w', [3, 3, 3, 5]), conv);
      g.output('y', g.add(y, g.input('b', shape)));
    };
    expect(census(biased([5])).Add).toBeUndefined();
    expect(census(biased([2, 1, 1, 5])).Add).toBe(1);
    expect(census(biased([2, 1])).Add).toBe(1);
  });

  test('operands are repeated by the operator itself', () => {
    expect(census((g) => g.output('y', g.mul(g.input('a', [4, 1]), g.input('b', [3]))))).toEqual({ Mul: 1 });
  });

  test('what no output needs is left out', () => {
    expect(
      census((g) => {
        const x = g.input('x', [2]);
        g.exp(x);
        g.output('y', g.neg(x));
      }),
    ).toEqual({ Neg: 1 });
  });
});

describe('relu behind max pooling', () => {
  // Few distinct values, so that many windows have several maxima, positive, zero and negative.
  const values = (shape: readonly number[]) => drawn('x', shape).map((v) => Math.round(4 * v));
  const build = (forward: (g: GraphBuilder, x: Node) => Node) =>
    graphOf((g) => {
      const x = g.input('x', [3, 6, 6, 2]);
      const y = forward(g, x);
      const weighted = g.mul(y, g.input('r', y.shape));
      const [dx] = differentiate(g, g.sum(weighted), [x]);
      g.output('y', y);
      g.output('dx', dx!);
      g.output('dc', g.sum(dx!, [0, 1, 2]));
    });
  const forwards: Record<string, (g: GraphBuilder, x: Node) => Node> = {
    'pool(relu(x))': (g, x) => g.maxPool2d(g.relu(x), pool),
    'overlapping windows': (g, x) => g.maxPool2d(g.relu(x), { ...pool, window: [3, 3] }),
    'relu(x) read twice': (g, x) => {
      const active = g.relu(x);
      return g.add(g.maxPool2d(active, pool), g.slice(active, [0, 0, 0, 0], [3, 3, 3, 2]));
    },
    'no relu': (g, x) => g.maxPool2d(x, pool),
  };
  test.each(Object.entries(forwards))('%s: the same values and gradients', (_, forward) => {
    const graph = build(forward);
    const y = graph.outputs.find((o) => o.name === 'y')!;
    const shape = fixedShape(graph.nodes[y.value]!.shape);
    const inputs = { x: values([3, 6, 6, 2]), r: drawn('r', shape) };
    expect(sizeOf(shape)).toBeGreaterThan(20);
    const want = evaluateGraph(graph, inputs, { seed: 1, counter: 0 });
    const got = evaluateGraph(rewrite(graph), inputs, { seed: 1, counter: 0 });
    expect(Array.from(got.y!)).toEqual(Array.from(want.y!));
    expect(Array.from(got.dx!, (v) => v + 0)).toEqual(Array.from(want.dx!, (v) => v + 0));
    for (const [i, v] of got.dc!.entries()) expect(v).toBeCloseTo(want.dc![i]!, 12);
  });

  test('relu and its gradient then work on the smaller image', () => {
    const { nodes } = rewrite(build(forwards['pool(relu(x))']!));
    const sizes = nodes.filter((n) => n.op === 'relu' || n.op === 'step').map((n) => n.shape);
    expect(sizes).toEqual([
      [3, 3, 3, 2],
      [3, 3, 3, 2],
    ]);
  });
});
