import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compilePlan } from '../../src/compile/index.ts';
import { loadConfig, networkOf } from '../../src/config/index.ts';
import { onnxEngine } from '../../src/engines/onnx/index.ts';
import { referenceEngine } from '../../src/engines/reference/index.ts';
import { printPlan } from '../../src/plan/index.ts';

const penguins = join(import.meta.dirname, '../../configs/penguins.yaml');
const { config } = loadConfig(penguins, {
  set: ['architecture=[dense: { units: 3 }]', 'optimizer={ type: sgd }', 'training.batch_size=2'],
});

function compile(weighted: boolean | undefined) {
  return compilePlan(networkOf(config), {
    summary: {
      source: 'by hand',
      raw: [2],
      shape: [2],
      target: '3 classes',
      split: { train: 3, validation: 0, test: 2 },
      transforms: [],
      ...(weighted !== undefined && {
        balance: { name: 'x', summary: 'by hand', rows: 5, weighted },
      }),
    },
    target: { y: { shape: [], dtype: 'i32' } },
  });
}
const state = () =>
  new Map([
    ['dense_1/kernel', Float32Array.from([0.5, -1, 0.25, 1, 0, -0.5])],
    ['dense_1/bias', new Float32Array(3)],
  ]);
const batch = { x: new Float32Array([1, 0, 0, 2]), y: new Int32Array([0, 2]) };

/** By hand: softmax cross-entropy of each of the two examples, and its gradient of the bias. */
const logits = [
  [0.5, -1, 0.25],
  [2, 0, -1],
];
const softmax = (v: number[]) => v.map((z) => Math.exp(z) / v.reduce((sum, u) => sum + Math.exp(u), 0));
const losses = logits.map((v, i) => -Math.log(softmax(v)[batch.y[i]!]!));
const biasGradients = logits.map((v, i) => softmax(v).map((p, c) => p - Number(c === batch.y[i])));

describe.each([
  ['reference', referenceEngine.open],
  ['onnx', onnxEngine.open],
] as const)('weighted losses on %s', (_, open) => {
  test.each([
    [1, 1],
    [3, 0.25],
    [0, 2],
  ])('weights %d and %d', async (first, second) => {
    const session = await open(compile(true), state(), { threads: 1 });
    const weight = Float32Array.of(first, second);
    const inputs = { data: { ...batch, weight }, scalars: { 'optimizer.learning_rate': 1 }, counter: 0 };
    const { loss } = await session.run('train', inputs);
    expect(loss![0]).toBeCloseTo((first * losses[0]! + second * losses[1]!) / 2, 5);
    const bias = (await session.readState()).get('dense_1/bias')!;
    for (let c = 0; c < 3; c++)
      expect(-bias[c]!).toBeCloseTo((first * biasGradients[0]![c]! + second * biasGradients[1]![c]!) / 2, 5);
    await session.close();
  });
});

test('only plans that weigh have the input, and only to train', () => {
  const names = (plan: ReturnType<typeof compile>) =>
    Object.values(plan.programs).map(({ data }) => data.map(({ name }) => name).join(' '));
  expect(names(compile(true))).toEqual(['x y weight', 'x y weight', 'x y', 'x']);
  expect(names(compile(false))).toEqual(['x y', 'x y', 'x y', 'x']);
  expect(printPlan(compile(false)).replace(/^ {2}balance.*\n/m, '')).not.toContain('weight=');
});

test('a plan steps through the balanced rows, and tells of them', () => {
  const plan = compile(false);
  expect(plan.programs.train!.batch).toBe(2);
  expect(plan.programs.train_tail!.batch).toBe(1); // of 5 rows
  expect(compile(undefined).programs.train_tail!.batch).toBe(1); // of 3
  expect(printPlan(plan)).toContain('  balance: x: by hand; 5 training rows\n');
  expect(printPlan(compile(undefined))).not.toContain('balance');
});
