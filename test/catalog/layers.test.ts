import { describe, expect, it } from 'vitest';
import { layers } from '../../src/catalog/layers/index.ts';
import type { LayerContext } from '../../src/catalog/layers/layer.ts';
import { evaluateGraph } from '../../src/engines/reference/interpret.ts';
import { differentiate, GraphBuilder, type Node } from '../../src/graph/index.ts';
import { EXACT, expectClose, FLOAT32, type GradientCase, type LayerCase, torch } from './torch.ts';

/** Evaluates value and gradients of sum(value · weights) by the inputs of a case. */
function compare(
  test: GradientCase,
  tolerance: number,
  build: (g: GraphBuilder, inputs: Record<string, Node>, next: Map<string, Node>) => Node,
  more: Partial<LayerCase> = {},
): void {
  const g = new GraphBuilder();
  const tensors = { ...test.inputs, ...more.moving };
  const inputs = Object.fromEntries(
    Object.entries(tensors).map(([name, { shape }]) => [name, g.input(name, shape)]),
  );
  const next = new Map<string, Node>();
  const value = build(g, inputs, next);
  expect(value.shape).toEqual(test.value.shape);
  const weighted = g.sum(g.mul(value, g.input('weights', test.weights.shape)));
  const names = Object.keys(test.gradients);
  const gradients = differentiate(
    g,
    weighted,
    names.map((name) => inputs[name]!),
  );
  g.output('value', value);
  names.forEach((name, i) => {
    g.output(`d ${name}`, gradients[i]!);
  });
  for (const [name, node] of next) g.output(`next ${name}`, node);
  const data = Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, t.data]));
  const results = evaluateGraph(
    g.finish(),
    { ...data, weights: test.weights.data },
    { mask: () => more.mask!.data },
  );
  expectClose(results['value']!, test.value.data, tolerance);
  for (const name of names) expectClose(results[`d ${name}`]!, test.gradients[name]!.data, tolerance);
  for (const [name, t] of Object.entries(more.next ?? {}))
    if (more.training) expectClose(results[`next ${name}`]!, t.data, tolerance);
    else expect(next.has(name)).toBe(false);
}

function contextOf(
  g: GraphBuilder,
  given: Record<string, Node>,
  next: Map<string, Node>,
  training: boolean,
): LayerContext {
  const named = (part: string, shape: readonly number[]) => {
    expect(given[part]?.shape, part).toEqual(shape);
    return given[part]!;
  };
  return {
    g,
    name: 'layer_1',
    training,
    trainable: true,
    weight: named,
    moving(part, shape, _, update) {
      const current = named(part, shape);
      if (training && update) next.set(part, update(current));
      return current;
    },
    mask: (shape, rate) => g.randomMask('dropout/layer_1', rate, shape),
  };
}

describe('layers against PyTorch', () => {
  // Batch normalization has a float32 epsilon, the pooled mean float32 shares of a window.
  const rounded = new Set(['batch_normalization', 'average_pooling2d', 'global_average_pooling2d']);

  it.each(Object.entries(torch.layers))('%s', (_, test) => {
    const entry = layers.get(test.type)!;
    const params = entry.schema.parse(test.params);
    const tolerance = rounded.has(test.type) ? FLOAT32 : EXACT;
    compare(
      test,
      tolerance,
      (g, inputs, next) =>
        entry.apply(contextOf(g, inputs, next, test.training ?? true), [inputs['x']!], params),
      test,
    );
  });

  it('has a case for every layer', () => {
    const tested = new Set(Object.values(torch.layers).map((test) => test.type));
    // Activations have cases of their own, layers of several inputs a test of their own.
    const rest = [...layers.values()].filter(({ name, takes }) => !tested.has(name) && takes !== 'several');
    expect(rest.map(({ name }) => name)).toEqual(['activation']);
  });
});

describe('activations against PyTorch', () => {
  const entry = layers.get('activation')!;

  // leaky_relu's slopes and gelu's sqrt(1/2) are float32 constants.
  it.each(Object.entries(torch.activations))('%s', (_, test) => {
    const params = entry.schema.parse({ activation: test.choice });
    compare(test, FLOAT32, (g, inputs, next) =>
      entry.apply(contextOf(g, inputs, next, true), [inputs['x']!], params),
    );
  });

  it('keeps logistic gradients at 0 and far from it', () => {
    const g = new GraphBuilder();
    const x = g.input('x', [3]);
    const params = entry.schema.parse({ activation: 'softplus' });
    const value = entry.apply(contextOf(g, {}, new Map(), true), [x], params);
    g.output('dx', differentiate(g, g.sum(value), [x])[0]!);
    expectClose(evaluateGraph(g.finish(), { x: [0, 800, -800] })['dx']!, [0.5, 1, 0], EXACT);
  });
});

describe('dropout and batch normalization in evaluation', () => {
  it('leaves the input alone', () => {
    const g = new GraphBuilder();
    const x = g.input('x', [2, 3]);
    const dropout = layers.get('dropout')!;
    const evaluating = contextOf(g, {}, new Map(), false);
    expect(dropout.apply(evaluating, [x], { rate: 0.5 })).toBe(x);
    expect(dropout.apply(contextOf(g, {}, new Map(), true), [x], { rate: 0 })).toBe(x);
  });

  it('works without centre and scale', () => {
    const g = new GraphBuilder();
    const moving = { moving_mean: g.input('mean', [2]), moving_variance: g.input('variance', [2]) };
    const entry = layers.get('batch_normalization')!;
    const params = entry.schema.parse({ center: false, scale: false, epsilon: 1 });
    g.output('y', entry.apply(contextOf(g, moving, new Map(), false), [g.input('x', [1, 2])], params));
    const { y } = evaluateGraph(g.finish(), { x: [5, 5], mean: [1, 2], variance: [3, 8] });
    expectClose(y!, [2, 1], EXACT);
  });
});
