import { describe, expect, it } from 'vitest';
import { compilePlan } from '../../src/compile/index.ts';
import { verify } from '../../src/graph/index.ts';
import { printPlan } from '../../src/plan/index.ts';
import { load } from '../config/helpers.ts';

const planOf = (architecture: string) => {
  const { config } = load(
    `name: graph\ndata: { source: { type: mnist } }\narchitecture: [${architecture}]\n`,
  );
  const plan = compilePlan(config, {
    summary: {
      source: 'mnist',
      raw: [28, 28, 1],
      shape: [28, 28, 1],
      target: 'class',
      split: { train: 1000, validation: 0, test: 300 },
      transforms: [],
    },
    target: { y: { shape: [], dtype: 'i32' } },
  });
  for (const program of Object.values(plan.programs)) verify(program.graph);
  return plan;
};

describe('an architecture with `inputs`', () => {
  it('gives the plan of the chain where it is one', () => {
    const chain = planOf('flatten, dense: { units: 16 }, dense: { units: 10 }');
    const spelt = planOf(
      'flatten: { inputs: x }, dense: { units: 16, inputs: flatten_1 }, dense: { units: 10, inputs: [dense_1] }',
    );
    expect(printPlan(spelt)).toBe(printPlan(chain));
    expect(chain.layers.some(({ inputs }) => inputs)).toBe(false);
  });

  it('says of a graph what each node reads', () => {
    const plan = planOf(`flatten: { name: flat }, dense: { name: a, units: 16 },
      dense: { name: b, units: 16, inputs: flat }, add: { name: sum, inputs: [a, b] }, dense: { units: 10 }`);
    expect(plan.layers.map(({ name, inputs }) => [name, inputs])).toEqual([
      ['flat', ['x']],
      ['a', ['flat']],
      ['b', ['flat']],
      ['sum', ['a', 'b']],
      ['dense_3', ['sum']],
    ]);
    expect(printPlan(plan)).toMatch(/^ {2}sum +add +\(16\) +0 +a, b$/m);
    const [train] = [plan.programs.train!.graph];
    const adding = train.nodes.filter(({ scope, op }) => scope === 'sum' && op === 'add');
    expect(adding).toHaveLength(1);
  });
});
