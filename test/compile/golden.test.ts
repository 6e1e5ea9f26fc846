import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { taskOf } from '../../src/catalog/tasks/index.ts';
import { compilePlan } from '../../src/compile/index.ts';
import { loadConfig, networkOf } from '../../src/config/index.ts';
import { verify } from '../../src/graph/index.ts';
import { prepareExperiment } from '../../src/pipeline/prepare.ts';
import { stages } from '../../src/pipeline/stages.ts';
import { printPlan } from '../../src/plan/index.ts';
import { sampled } from '../contracts/sampled.ts';

const configs = join(import.meta.dirname, '../../configs');
const samples = join(import.meta.dirname, '../samples/plans');

/** Compiles a shipped config, from what is known of its data without reading where that is enough. */
async function planOf(file: string) {
  const loaded = sampled(loadConfig(join(configs, file), { set: [] }));
  const { config, described: data } = loaded;
  // What only reading tells: the plan of a run.
  if (!data)
    return (
      await prepareExperiment(
        loaded,
        stages(() => {}),
      )
    ).plan;
  return compilePlan(networkOf(config), {
    summary: {
      source: config.data.source.type,
      raw: data.shape,
      shape: data.shape,
      target: data.target.kind,
      split: { train: 1000, validation: 0, test: 300 },
      transforms: config.data.features.map((f) => ({
        name: `${f.kind}: ${f.type}`,
        fitted: 'train',
        summary: 'not fitted here',
      })),
    },
    target: { y: taskOf(config.task).target.y(data.target) },
  });
}

describe('every file in configs/', () => {
  const files = readdirSync(configs).filter((f) => f.endsWith('.yaml'));
  it('is there', () => expect(files.length).toBeGreaterThanOrEqual(8));

  for (const file of files)
    it(`${file} compiles to its golden plan`, async () => {
      const plan = await planOf(file);
      for (const program of Object.values(plan.programs)) verify(program.graph);
      // Refreshed by `npx vitest run test/compile -u`, after reading the difference.
      await expect(printPlan(plan)).toMatchFileSnapshot(join(samples, file.replace('.yaml', '.txt')));
    });
});

describe('schedule', () => {
  it('runs every live node once, after what it reads, and never overwrites what is still to be read', async () => {
    const plan = await planOf('mnist-cnn.yaml');
    const { graph, steps } = plan.programs.train!;
    const done = new Set<number>();
    const holds = new Map<number, number>(); // buffer -> value
    const isLeaf = (id: number) => ['input', 'constant', 'iota', 'random_mask'].includes(graph.nodes[id]!.op);
    for (const step of steps) {
      for (const id of step.reads) {
        expect(isLeaf(id) || done.has(id), `%${id} before it is made`).toBe(true);
        const maker = steps.find((s) => s.nodes.at(-1) === id);
        if (maker) expect(holds.get(maker.buffer), `%${id} was overwritten`).toBe(id);
      }
      for (const id of step.nodes) {
        expect(done.has(id)).toBe(false);
        done.add(id);
      }
      holds.set(step.buffer, step.nodes.at(-1)!);
    }
    expect(done.size).toBe(graph.nodes.filter((n) => !isLeaf(n.id)).length);
  });
});
