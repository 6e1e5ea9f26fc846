import { join } from 'node:path';
import type { Session } from '../../src/engines/engine.ts';
import { onnxEngine } from '../../src/engines/onnx/index.ts';
import { compileModel, MODELS, type Model } from './models.ts';
import { startTorch } from './torch.ts';

/*
 * Milliseconds of one training step (batch of 128) against PyTorch, both in turn within each round, so that
 * a busy machine slows both. Usage: npm run bench -- [rounds] [model...]
 */
const [root, rounds = '7', ...chosen] = process.argv.slice(2);
const folder = join(root, 'test/bench');

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** Runs steps one after the other. @returns median milliseconds of a step */
async function timed(session: Session, model: Model, from: number, steps: number): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < steps + 2; i++) {
    const start = performance.now();
    await session.run('train', model.inputs(from + i));
    if (i >= 2) times.push(performance.now() - start); // the first two warm up, as PyTorch's do
  }
  return median(times);
}

process.stdout.write('milliseconds a step, median; mlx / PyTorch over the rounds, smaller is better\n');
process.stdout.write('model           threads   mlx   torch    best    best   min median  max ratio\n');
for (const threads of [1, 2]) {
  const torch = await startTorch(folder, threads);
  for (const name of chosen.length > 0 ? chosen : MODELS) {
    const model = compileModel(root, name);
    const steps = name === 'mnist-mlp' ? 60 : 8;
    const session = await onnxEngine.open(model.plan, model.state, { threads });
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < Number(rounds); round++) {
      if (torch) theirs.push(await torch.run(name, steps));
      ours.push(await timed(session, model, round * steps, steps));
    }
    const ratios = ours.map((ms, i) => ms / theirs[i]);
    const figures = [median(ours), median(theirs), Math.min(...ours), Math.min(...theirs)];
    const spread = [Math.min(...ratios), median(ratios), Math.max(...ratios)];
    const text = [
      ...figures.map((v) => v.toFixed(1).padStart(7)),
      ...spread.map((v) => v.toFixed(2).padStart(6)),
    ];
    process.stdout.write(`${name.padEnd(16)}${String(threads).padStart(4)} ${text.join(' ')}\n`);
    await session.close();
  }
  torch?.close();
}
