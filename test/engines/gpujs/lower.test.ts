import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normal, streamKey } from '../../../src/base/random.ts';
import { sizeOf } from '../../../src/base/shape.ts';
import { gpujsEngine } from '../../../src/engines/gpujs/index.ts';
import { dialects, type Kernel, lower } from '../../../src/engines/gpujs/lower/index.ts';
import { runs, viewOf } from '../../../src/engines/gpujs/lower/view.ts';
import { linear, literal } from '../../../src/engines/gpujs/lower/writer.ts';
import { type Stage, stagesOf } from '../../../src/engines/gpujs/stages.ts';
import { evaluateGraph } from '../../../src/engines/reference/index.ts';
import { type BoundGraph, bind, GraphBuilder } from '../../../src/graph/index.ts';
import { primitivePlan, trainingPlan } from '../../contracts/plans.ts';

const graphOf = (build: (g: GraphBuilder) => void): BoundGraph => {
  const g = new GraphBuilder();
  build(g);
  return bind(g.finish());
};
const kernelsOf = (graph: BoundGraph, mode: keyof typeof dialects = 'cpu') =>
  lower(graph, dialects[mode]).kernels;
const drawn = (shape: readonly number[], name: string) => ({
  shape,
  values: Float32Array.from({ length: sizeOf(shape) }, (_, i) => normal(streamKey(1, name), i)),
});

describe('fusion', () => {
  it('makes one kernel of a chain of element-wise work', () => {
    const graph = graphOf((g) => {
      const x = g.input('x', [4, 8]);
      g.output('scores', g.tanh(g.mul(g.add(x, 1), g.exp(x))));
    });
    expect(kernelsOf(graph)).toHaveLength(1);
  });

  it('ends a matrix product with its bias and activation', () => {
    const graph = graphOf((g) => {
      const [x, w, b] = [g.input('x', [4, 8]), g.input('w', [8, 8]), g.input('b', [8])];
      g.output('scores', g.relu(g.add(g.matmul(x, w), b)));
    });
    const [kernel, ...others] = kernelsOf(graph);
    expect(others).toEqual([]);
    expect(kernel!.reads).toHaveLength(3);
  });

  it('keeps a sum apart that two others read', () => {
    const graph = graphOf((g) => {
      const [x, w] = [g.input('x', [4, 8]), g.input('w', [8, 8])];
      const product = g.matmul(x, w);
      g.output('scores', g.relu(product));
      g.output('example_loss', g.exp(product));
    });
    expect(kernelsOf(graph)).toHaveLength(3);
  });

  it('hands a reshaped batch in as it is', () => {
    const graph = graphOf((g) => {
      g.output('scores', g.matmul(g.reshape(g.input('x', [4, 2, 3]), [4, 6]), g.input('w', [6, 8])));
    });
    const { kernels, given } = lower(graph, dialects.cpu);
    expect(kernels).toHaveLength(1);
    expect(kernels[0]!.reads.map((id) => given.get(id))).toContain(0);
  });
});

describe('limits', () => {
  const crowd = (terms: number) => {
    const names = Array.from({ length: terms }, (_, i) => `w${i}`);
    return {
      name: 'crowd',
      operands: Object.fromEntries(names.map((name) => [name, drawn([6, 4], name)])),
      build: (g: GraphBuilder, nodes: Readonly<Record<string, ReturnType<GraphBuilder['input']>>>) =>
        names.map((name) => nodes[name]!).reduce((sum, node) => g.add(g.tanh(sum), node)),
    };
  };

  it('splits a step that reads more arrays than webgpu has storage buffers', async () => {
    for (const terms of [7, 8, 20, 45]) {
      const plan = primitivePlan(crowd(terms));
      const kernels = kernelsOf(bind(plan.programs.evaluate!.graph), 'webgpu');
      expect(Math.max(...kernels.map((k) => k.reads.length))).toBeLessThanOrEqual(7);
      expect(kernels.length > 1).toBe(terms > 7);
      // and still computes the same, in a mode that every machine has
      const operands = crowd(terms).operands;
      const state = new Map(Object.entries(operands).map(([name, o]) => [name, o.values]));
      const session = await gpujsEngine.open(plan, state, { threads: 1, mode: 'cpu' });
      const { scores } = await session.run('evaluate', { data: {}, scalars: {}, counter: 0 });
      const given = Object.fromEntries([...state]);
      const want = evaluateGraph(plan.programs.evaluate!.graph, given)['scores']!;
      scores!.forEach((v, i) => {
        expect(v).toBeCloseTo(want[i]!, 5);
      });
      await session.close();
    }
  });

  it('joins many parts in several kernels', () => {
    const graph = graphOf((g) => {
      g.output(
        'scores',
        g.concat(
          Array.from({ length: 20 }, (_, i) => g.input(`w${i}`, [2, 3])),
          1,
        ),
      );
    });
    for (const kernel of kernelsOf(graph, 'webgpu')) expect(kernel.reads.length).toBeLessThanOrEqual(7);
  });

  it('writes nothing of a plan into a kernel but its numbers', () => {
    const hostile = 'x");while(1);("';
    const graph = graphOf((g) => {
      g.scope = hostile;
      const w = g.input(hostile, [4, 4]);
      g.output(hostile, g.mul(w, g.randomMask(hostile, 0.5, [4, 4])));
    });
    for (const mode of Object.keys(dialects) as (keyof typeof dialects)[])
      for (const { source } of kernelsOf(graph, mode)) expect(source).not.toContain('while');
  });
});

describe('stages', () => {
  const graph = bind(trainingPlan.programs.train!.graph);
  const { kernels, outputs } = lower(graph, dialects.webasm);
  const results = new Set(outputs.values());

  const runsInOrder = (stages: readonly Stage[], all: readonly Kernel[]) => {
    const made = new Set<number>();
    const returned = new Set<number>();
    for (const stage of stages) {
      const inside = new Set<number>();
      for (const id of stage.given) if (all.some((k) => k.makes === id)) expect(returned).toContain(id);
      for (const kernel of stage.kernels) {
        for (const id of kernel.reads)
          if (all.some((k) => k.makes === id)) expect(inside.has(id) || returned.has(id)).toBe(true);
        expect(made).not.toContain(kernel.makes);
        made.add(kernel.makes);
        if (!kernel.quads) inside.add(kernel.makes);
      }
      for (const kernel of stage.results) returned.add(kernel.makes);
    }
    expect(made.size).toBe(all.length);
  };

  it.each([1, 2])('run each kernel once, after all that it reads, with %i threads', (threads) => {
    runsInOrder(stagesOf(graph, kernels, results, threads), kernels);
  });

  it('lets no kernel read quads inside the pipeline that makes them', () => {
    const wide = graphOf((g) => {
      const [x, w] = [g.input('x', [64, 512]), g.input('w', [512, 64])];
      const hidden = g.relu(g.matmul(x, w));
      g.output('scores', g.matmul(hidden, g.input('v', [64, 8])));
    });
    const lowered = lower(wide, dialects.webasm);
    expect(lowered.kernels.some((k) => k.quads)).toBe(true);
    const stages = stagesOf(wide, lowered.kernels, new Set(lowered.outputs.values()), 2);
    expect(stages.length).toBeGreaterThan(1);
    runsInOrder(stages, lowered.kernels);
  });

  it('gives the same bits with one thread and two, however it is cut', async () => {
    const plan = primitivePlan({
      name: 'product',
      operands: { x: drawn([96, 700], 'x'), y: drawn([700, 96], 'y') },
      build: (g, { x, y }) => g.matmul(g.tanh(g.matmul(x!, y!)), g.slice(x!, [0, 0], [96, 64])),
    });
    const data = { x: drawn([96, 700], 'x').values, y: drawn([700, 96], 'y').values };
    const bits = [];
    for (const threads of [1, 2]) {
      const session = await gpujsEngine.open(plan, new Map(), { threads, mode: 'webasm' });
      const { scores } = await session.run('evaluate', { data, scalars: {}, counter: 0 });
      bits.push([...new Uint32Array(scores!.slice().buffer)]);
      await session.close();
    }
    expect(bits[1]).toEqual(bits[0]);
  });
});

describe('text', () => {
  it('writes float32 numbers so that they read back as themselves', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = literal(value);
        expect(text).toMatch(/^\(?-?\d+\.\d+(e[+-]?\d+)?\)?$/);
        expect(Math.fround(Number(text.replace(/[()]/g, '')))).toBe(value === 0 ? 0 : value);
      }),
    );
  });

  it('leaves out factors of 1 and terms of 0', () => {
    expect(linear([3, 2], [4, 1])).toBe(10);
    expect(linear(['v1', 1], [0, 5])).toBe('v1');
    expect(linear(['v1', 2], ['v2', 1], [3, 1])).toBe('(v1*2+v2+3)');
  });

  it('finds the axes that two shapes share', () => {
    expect(runs([2, 3, 4], [2, 12])).toEqual([
      { from: [0], to: [0] },
      { from: [1, 2], to: [1] },
    ]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 5 }), (shape) => {
        const groups = runs(shape, [sizeOf(shape)]);
        expect(groups.flatMap((g) => g.from)).toEqual(shape.map((_, i) => i));
      }),
    );
    expect(viewOf([8, 5, 6, 3])).toEqual([3, 30, 8]);
  });
});
