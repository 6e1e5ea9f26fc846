import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compilePlan } from '../../src/compile/index.ts';
import { loadConfig, networkOf } from '../../src/config/index.ts';
import { referenceEngine } from '../../src/engines/reference/index.ts';

const lineRegression = join(import.meta.dirname, '../../configs/line-regression.yaml');

/**
 * One step of plain gradient descent (rate 1) of y = x · kernel + bias on two examples, from given weights:
 * the update is the gradient.
 */
async function step(
  overrides: readonly string[],
  { kernel, bias, rate = 1 }: { kernel: readonly [number, number]; bias: number; rate?: number },
) {
  const set = [
    'data.source={ type: generated, coefficients: [1, 1] }',
    'optimizer={ type: sgd }',
    'training.batch_size=2',
    ...overrides,
  ];
  const { config } = loadConfig(lineRegression, { set });
  const plan = compilePlan(networkOf(config), {
    summary: {
      source: 'by hand',
      raw: [2],
      shape: [2],
      target: '1 number',
      split: { train: 2, validation: 0, test: 2 },
      transforms: [],
    },
    target: { y: { shape: [1], dtype: 'f32' } },
  });
  const state = new Map([
    ['dense_1/kernel', Float32Array.from(kernel)],
    ['dense_1/bias', Float32Array.from([bias])],
  ]);
  const session = await referenceEngine.open(plan, state, { threads: 1 });
  const results = await session.run('train', {
    data: { x: new Float32Array([1, 0, 0, 2]), y: new Float32Array([0, 0]) },
    scalars: { 'optimizer.learning_rate': rate },
    counter: 0,
  });
  const after = await session.readState();
  const moved = (name: string) => [...after.get(name)!].map((v, i) => (state.get(name)![i]! - v) / rate);
  return { loss: results['loss']![0]!, kernel: moved('dense_1/kernel'), bias: moved('dense_1/bias')[0]! };
}

/*
 * By hand: outputs p = (k1 + b, 2 k2 + b), targets 0, loss (p1² + p2²) / 2;
 * gradients: kernel (p1, 2 p2), bias p1 + p2.
 * With kernel (3, 2), bias 0: p = (3, 4), loss 12.5, kernel's gradient (3, 8), bias' 7.
 */
const start = { kernel: [3, 2], bias: 0 } as const;
const near = (values: readonly number[]) => values.map((v) => expect.closeTo(v, 5));

describe('without clipping', () => {
  test('the update is the gradient times the rate', async () => {
    expect(await step([], start)).toEqual({ loss: 12.5, kernel: [3, 8], bias: 7 });
    expect(await step([], { ...start, rate: 0.5 })).toEqual({ loss: 12.5, kernel: [3, 8], bias: 7 });
  });
});

describe('clipping', () => {
  test('clipnorm: each tensor by its own norm', async () => {
    // ‖(3, 8)‖ = √73; the bias alone has norm 7.
    const { kernel, bias } = await step(['optimizer.clipnorm=1'], start);
    expect(kernel).toEqual(near([3 / Math.sqrt(73), 8 / Math.sqrt(73)]));
    expect(bias).toBeCloseTo(1, 5);
  });
  test('clipnorm leaves smaller gradients as they are', async () => {
    const { kernel, bias } = await step(['optimizer.clipnorm=7.5'], start);
    expect(kernel).toEqual(near([(3 * 7.5) / Math.sqrt(73), (8 * 7.5) / Math.sqrt(73)]));
    expect(bias).toBe(7);
  });
  test('clipnorm of a gradient that is 0 stays 0', async () => {
    expect(await step(['optimizer.clipnorm=1'], { kernel: [0, 0], bias: 0 })).toEqual({
      loss: 0,
      kernel: [0, 0],
      bias: 0,
    });
  });
  test('global_clipnorm: all tensors by their norm together', async () => {
    // √(9 + 64 + 49) = √122
    const { kernel, bias } = await step(['optimizer.global_clipnorm=2'], start);
    expect([...kernel, bias]).toEqual(near([3, 8, 7].map((v) => (v * 2) / Math.sqrt(122))));
    expect(await step(['optimizer.global_clipnorm=12'], start)).toMatchObject({ kernel: [3, 8], bias: 7 }); // √122 < 12
  });
  test('clipvalue: each number by itself, on both sides', async () => {
    expect(await step(['optimizer.clipvalue=5'], start)).toMatchObject({ kernel: [3, 5], bias: 5 });
    expect(await step(['optimizer.clipvalue=5'], { kernel: [-3, -2], bias: 0 })).toMatchObject({
      kernel: [-3, -5],
      bias: -5,
    });
  });
});

describe('penalties', () => {
  const regularized = (text: string) => [`architecture.0.dense.kernel_regularizer=${text}`];
  test('l2: λ Σ w² in the loss, 2 λ w in the gradient; the bias is free', async () => {
    const { loss, kernel, bias } = await step(regularized('{ type: l2, l2: 0.1 }'), start);
    expect(loss).toBeCloseTo(12.5 + 0.1 * (9 + 4), 5);
    expect(kernel).toEqual(near([3 + 0.6, 8 + 0.4]));
    expect(bias).toBe(7);
  });
  test('l1: λ Σ |w| and λ sign(w), 0 at 0', async () => {
    const { loss, kernel } = await step(regularized('{ type: l1, l1: 0.1 }'), { kernel: [-3, 0], bias: 0 });
    expect(loss).toBeCloseTo(4.5 + 0.3, 5); // p = (-3, 0)
    expect(kernel).toEqual(near([-3 - 0.1, 0]));
  });
  test('both, of a bias', async () => {
    const { loss, kernel, bias } = await step(
      ['architecture.0.dense.bias_regularizer={ type: l1_l2, l1: 0.5, l2: 0.25 }'],
      { kernel: [0, 0], bias: 2 },
    );
    expect(loss).toBeCloseTo(4 + 0.5 * 2 + 0.25 * 4, 5); // p = (2, 2)
    expect(kernel).toEqual([2, 4]);
    expect(bias).toBeCloseTo(4 + 0.5 + 0.25 * 2 * 2, 5);
  });
  test('clipping sees the penalty too', async () => {
    const { kernel } = await step([...regularized('{ type: l2, l2: 1 }'), 'optimizer.clipvalue=8.5'], start);
    expect(kernel).toEqual([8.5, 8.5]); // 3 + 6 and 8 + 4, both above 8.5
  });
});
