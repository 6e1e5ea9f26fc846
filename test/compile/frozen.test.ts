import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compilePlan } from '../../src/compile/index.ts';
import { loadConfig, networkOf } from '../../src/config/index.ts';
import { printPlan } from '../../src/plan/index.ts';

const loaded = loadConfig(join(import.meta.dirname, '../../configs/mnist-logistic.yaml'), {
  set: [
    'architecture=[flatten, { dense: { units: 4, kernel_regularizer: { type: l2, l2: 0.1 } } }, { dense: { units: 10 } }]',
    'optimizer={ type: adam, global_clipnorm: 1 }',
  ],
});
const config = networkOf(loaded.config);

/** The plan with the layers at these places frozen. */
function planWith(frozen: readonly number[]) {
  const architecture = config.architecture.map((l, i) => ({ ...l, trainable: !frozen.includes(i) }));
  return compilePlan(
    { ...config, architecture },
    {
      summary: {
        source: 'by hand',
        raw: [2, 3, 1],
        shape: [2, 3, 1],
        target: '10 classes',
        split: { train: 8, validation: 0, test: 8 },
        transforms: [],
      },
      target: { y: { shape: [], dtype: 'i32' } },
    },
  );
}

test('a frozen layer has weights, but neither moments nor an update nor a penalty', () => {
  const plan = planWith([1]);
  const roles = new Map(plan.state.map(({ name, role }) => [name, role]));
  expect(roles.get('dense_1/kernel')).toBe('frozen');
  expect(roles.get('dense_1/bias')).toBe('frozen');
  expect(roles.get('dense_2/kernel')).toBe('weight');
  expect([...roles.keys()].filter((n) => n.startsWith('optimizer/') && n.includes('dense_1'))).toEqual([]);
  const { graph } = plan.programs.train!;
  expect(graph.outputs.map(({ name }) => name)).not.toContain('dense_1/kernel');
  const scopes = new Set(graph.nodes.map(({ scope }) => scope));
  expect([...scopes].filter((s) => s.startsWith('optimizer/dense_1'))).toEqual([]);
  const squares = planWith([]).programs.train!.graph.nodes.filter((n) => n.scope === 'loss').length;
  expect(graph.nodes.filter((n) => n.scope === 'loss').length).toBeLessThan(squares);
});

test('the plan counts trained numbers, and prints both totals', () => {
  const plan = planWith([1]);
  expect(plan.parameters).toBe(4 * 10 + 10);
  expect(plan.layers.map(({ parameters }) => parameters)).toEqual([0, 6 * 4 + 4, 50]);
  const text = printPlan(plan);
  expect(text).toMatch(/^ {2}total +78$/m);
  expect(text).toMatch(/^ {2}trainable +50$/m);
  expect(printPlan(planWith([]))).not.toContain('trainable');
});

test('a network with every layer frozen has no optimizer', () => {
  const plan = planWith([1, 2]);
  expect(plan.parameters).toBe(0);
  expect(plan.state.every(({ role }) => role === 'frozen')).toBe(true);
});
