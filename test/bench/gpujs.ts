import { normal, streamKey } from '../../src/base/random.ts';
import { gpujsEngine } from '../../src/engines/gpujs/index.ts';
import { loadGpuJs } from '../../src/engines/gpujs/load.ts';
import { GraphBuilder } from '../../src/graph/index.ts';
import type { Plan, Program } from '../../src/plan/index.ts';
import { countOf } from './count.mjs';
import { mlpStep } from './gpujs-naive.ts';
import { compileModel } from './models.ts';

/*
 * The gpujs engine on webasm against straightforward gpu.js kernels, in turn within each round, both through
 * the same unmodified gpu.js. Usage: npm run bench:gpujs -- [rounds]
 */
const [root, given] = process.argv.slice(2);
const rounds = countOf(given, 'rounds', 9);
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;

interface Side {
  readonly name: string;
  run(): Promise<unknown>;
}

/** Medians of both sides and the ratios of their round by round times, A / B. */
async function versus(title: string, a: Side, b: Side, times: number): Promise<void> {
  const measured = { a: [] as number[], b: [] as number[] };
  for (let round = 0; round <= rounds; round++)
    for (const [key, side] of [
      ['a', a],
      ['b', b],
    ] as const) {
      const each: number[] = [];
      for (let i = 0; i < times; i++) {
        const start = performance.now();
        await side.run();
        each.push(performance.now() - start);
      }
      if (round > 0) measured[key].push(median(each)); // the first round warms up
    }
  const ratios = measured.a.map((ms, i) => ms / measured.b[i]!);
  const spread = [Math.min(...ratios), median(ratios), Math.max(...ratios)].map((r) => r.toFixed(2));
  process.stdout.write(`${title}\n`);
  for (const [side, all] of [
    [a, measured.a],
    [b, measured.b],
  ] as const)
    process.stdout.write(
      `  ${side.name.padEnd(44)} ${median(all).toFixed(2).padStart(8)} ms (median of ${all.length})\n`,
    );
  process.stdout.write(`  ratio of times, min / median / max             ${spread.join(' / ')}\n`);
}

/** One matrix product as a plan. */
function matmulPlan(n: number): Plan {
  const g = new GraphBuilder();
  g.output('scores', g.matmul(g.input('x', [n, n]), g.input('y', [n, n])));
  const data = (['x', 'y'] as const).map((name) => ({
    name,
    role: 'input' as const,
    shape: [n, n],
    dtype: 'f32' as const,
  }));
  const program: Program = { name: 'evaluate', batch: n, data, graph: g.finish(), steps: [], buffers: [] };
  const none = { source: 'none', raw: [], shape: [], target: 'none', transforms: [] };
  return {
    format: 1,
    name: 'matmul',
    seed: 0,
    data: { ...none, split: { train: 0, validation: 0, test: 0 } },
    layers: [],
    parameters: 0,
    state: [],
    scalars: [],
    programs: { evaluate: program },
  };
}

const drawn = (size: number, name: string) => {
  const key = streamKey(3, name);
  return Float32Array.from({ length: size }, (_, i) => normal(key, i));
};

async function matmul(n: number, threads: number): Promise<void> {
  const { GPU, Input } = await loadGpuJs();
  const gpu = new GPU({ mode: 'webasm' });
  const naive = gpu.createKernel(
    `function(a,b){let s=0.0;for(let k=0;k<${n};k++){s+=a[this.thread.y][k]*b[k][this.thread.x];}return s;}` as never,
    { output: [n, n], asyncMode: threads > 1, loopMaxIterations: 1e7, precision: 'single' } as never,
  ) as unknown as (...args: unknown[]) => Promise<unknown>;
  const session = await gpujsEngine.open(matmulPlan(n), new Map(), { threads, mode: 'webasm' });
  const [x, y] = [drawn(n * n, 'x'), drawn(n * n, 'y')];
  const input = (v: Float32Array) => new Input(v as never, [n, n] as never);
  const gflop = (2 * n ** 3) / 1e6;
  await versus(
    `matmul ${n}x${n}x${n}, webasm, ${threads} thread${threads > 1 ? 's' : ''} (${gflop.toFixed(0)} MFLOP)`,
    { name: 'the naive kernel', run: () => naive(input(x), input(y)) },
    { name: 'mlx', run: () => session.run('evaluate', { data: { x, y }, scalars: {}, counter: 0 }) },
    5,
  );
  await session.close();
  await gpu.destroy();
}

async function mlp(threads: number): Promise<void> {
  const model = compileModel(root!, 'configs/mnist-mlp.yaml', [
    'architecture=[flatten, { dense: { units: 128, activation: relu } }, { dense: { units: 10 } }]',
    'optimizer={ type: sgd, learning_rate: 0.02 }',
    'training.batch_size=128',
  ]);
  const session = await gpujsEngine.open(model.plan, model.state, { threads, mode: 'webasm' });
  let counter = 0;
  const naive = await mlpStep(model, threads);
  await versus(
    `training step of the MLP 784-128-10, batch 128, SGD, webasm, ${threads} thread${threads > 1 ? 's' : ''}`,
    { name: 'mlx', run: () => session.run('train', model.inputs(counter++)) },
    { name: 'straightforward kernels, called one by one', run: () => naive.step() },
    20,
  );
  await session.close();
  await naive.close();
}

for (const threads of [1, 2]) {
  await matmul(512, threads);
  await mlp(threads);
}
