import { describe, expect, it } from 'vitest';
import { optimizers } from '../../src/catalog/optimizers/index.ts';
import { evaluateGraph } from '../../src/engines/reference/interpret.ts';
import { differentiate, GraphBuilder, type Node } from '../../src/graph/index.ts';
import { expectClose, FLOAT32, type OptimizerCase, torch } from './torch.ts';

/** One update as a graph, run again and again as a training loop would. */
function path({ type, params: written, path: { length: steps } }: OptimizerCase): number[][] {
  const entry = optimizers.get(type)!;
  const params = entry.schema.parse(written);
  const { x, y, w } = torch.problem;
  const g = new GraphBuilder();
  const weight = g.input('w', w.shape);
  const difference = g.sub(g.matmul(g.input('x', x.shape), weight), g.input('y', y.shape));
  const [gradient] = differentiate(g, g.mean(g.square(difference)), [weight]);
  const slots: Record<string, Node> = {};
  const state: Record<string, ArrayLike<number>> = { w: w.data };
  for (const { name, start } of entry.slots(params)) {
    slots[name] = g.input(`slot ${name}`, w.shape);
    state[`slot ${name}`] = w.data.map(() => start);
  }
  const scalars = new Map<string, Node>();
  const scalar = (name: string) => {
    if (!scalars.has(name)) scalars.set(name, g.input(name, []));
    return scalars.get(name)!;
  };
  const updated = entry.update({ g, scalar }, weight, gradient!, slots, params);
  expect(Object.keys(updated.slots).sort()).toEqual(Object.keys(slots).sort());
  g.output('w', updated.weight);
  for (const [name, node] of Object.entries(updated.slots)) g.output(`slot ${name}`, node);

  const declared = new Map(entry.scalars(params).map(({ name, base }) => [name, base]));
  const found: number[][] = [];
  for (let t = 1; t <= steps; t++) {
    const bound = Object.fromEntries(
      [...scalars.keys()].map((name) => [
        name,
        [name === 'optimizer.learning_rate' ? params.learning_rate : 1 - declared.get(name)! ** t],
      ]),
    );
    Object.assign(state, evaluateGraph(g.finish(), { x: x.data, y: y.data, ...bound, ...state }));
    found.push(Array.from(state['w']!));
  }
  return found;
}

describe("optimizers against PyTorch and Keras' formulas", () => {
  it.each(Object.entries(torch.optimizers))('%s', (_, test) => {
    const found = path(test);
    test.path.forEach((expected, i) => {
      expectClose(found[i]!, expected, FLOAT32);
    });
    // Small steps from a common start agree without proving anything: compare what was added as well.
    const start = torch.problem.w.data;
    const moved = (w: readonly number[]) => w.map((v, i) => v - start[i]!);
    expectClose(moved(found.at(-1)!), moved(test.path.at(-1)!), 1e-5);
  });

  it('has a case for every optimizer', () => {
    const tested = new Set(Object.values(torch.optimizers).map((test) => test.type));
    expect([...optimizers.keys()].filter((name) => !tested.has(name))).toEqual([]);
  });

  it('keeps no moment that it does not need', () => {
    const slots = (type: string, fields: object) => {
      const entry = optimizers.get(type)!;
      return entry.slots(entry.schema.parse(fields)).map((slot) => slot.name);
    };
    expect(slots('sgd', {})).toEqual([]);
    expect(slots('sgd', { momentum: 0.9 })).toEqual(['momentum']);
    expect(slots('rmsprop', {})).toEqual(['velocity']);
    expect(slots('rmsprop', { centered: true, momentum: 0.9 })).toEqual(['velocity', 'average', 'momentum']);
  });

  it('touches each weight in few operations: adam in ten', () => {
    const g = new GraphBuilder();
    const [weight, gradient] = [g.input('w', [1000]), g.input('g', [1000])];
    const slots = { m: g.input('m', [1000]), v: g.input('v', [1000]) };
    const entry = optimizers.get('adam')!;
    entry.update({ g, scalar: (name) => g.input(name, []) }, weight, gradient, slots, entry.schema.parse({}));
    const large = g.nodes.filter((n) => n.shape[0] === 1000 && !['input', 'broadcast'].includes(n.op));
    expect(large.length).toBe(10);
  });
});
