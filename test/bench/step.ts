import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Session } from '../../src/engines/engine.ts';
import { onnxEngine } from '../../src/engines/onnx/index.ts';
import { compileModel, type Model } from './models.ts';
import { type Row, rows } from './rows.ts';
import { startTorch, type Torch } from './torch.ts';

/*
 * One training step against PyTorch with one and two threads. Within a round all measure in turn, so that a busy
 * machine slows all; a round's ratio is PyTorch's better time over ours, larger is better for us.
 * Usage: npm run bench -- [rounds] [row...]
 */
const [root, rounds = '7', ...chosen] = process.argv.slice(2);
const threads = Math.min(2, availableParallelism());

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** Runs steps as training does. @returns median milliseconds of a step */
async function timed(session: Session, model: Model, from: number, steps: number): Promise<number> {
  const repeat = model.plan.programs.train!.repeat ?? 1;
  const times: number[] = [];
  for (let i = -2; i < steps / repeat; i++) {
    const inputs = Array.from({ length: repeat }, (_, k) => model.inputs(from + (i + 2) * repeat + k));
    const start = performance.now();
    if (repeat > 1) await session.repeat!('train', inputs);
    else await session.run('train', inputs[0]);
    if (i >= 0) times.push((performance.now() - start) / repeat); // the first two warm up, as PyTorch's do
  }
  return median(times);
}

async function measure(row: Row, peers: readonly Torch[]): Promise<string> {
  const model = compileModel(root, row.config);
  const began = performance.now();
  const session = await onnxEngine.open(model.plan, model.state, { threads });
  await session.prepare('train');
  await timed(session, model, 0, 0);
  const first = performance.now() - began;
  const portable = await onnxEngine.open(model.plan, model.state, { threads, layout: 'portable' });
  const same = portable.info.options.layout === session.info.options.layout;
  const ours: number[] = [];
  const others: number[] = [];
  const theirs: number[][] = peers.map(() => []);
  for (let round = 0; round < Number(rounds); round++) {
    for (const [i, torch] of peers.entries()) theirs[i].push(await torch.run(row.name, row.steps));
    ours.push(await timed(session, model, round * row.steps, row.steps));
    if (!same) others.push(await timed(portable, model, round * row.steps, row.steps));
  }
  await session.close();
  await portable.close();
  const ratios = ours.map((ms, round) => Math.min(...theirs.map((t) => t[round])) / ms);
  const got = median(ratios);
  const spread = [Math.min(...ratios), got, Math.max(...ratios)]
    .map((v) => v.toFixed(2).padStart(6))
    .join(' ');
  const time = (t: readonly number[]) =>
    (t.length === 0 ? '-' : median(t).toFixed(t[0] < 10 ? 3 : 1)).padStart(8);
  const times = [ours, others, ...theirs].map(time).join(' ');
  const verdict = got >= row.bar ? 'reached' : `short by ${(row.bar - got).toFixed(2)}`;
  return `${row.label.padEnd(22)}${times} ${first.toFixed(0).padStart(8)}  ${spread}  ${row.bar.toFixed(1).padStart(4)}  ${verdict}\n`;
}

const peers: Torch[] = [];
for (const count of [1, 2]) {
  const torch = await startTorch(join(root, 'test/bench'), count);
  if (torch) peers.push(torch);
}
if (peers.length === 0)
  throw new Error("no python on this machine has torch: install Debian's python3-torch");
process.stdout.write(
  `milliseconds a step (medians of ${rounds} rounds), mlx with ${threads} threads, PyTorch ${peers[0].version}; ratio: samples/s over PyTorch's best\n` +
    `network                    mlx portable  torch-1  torch-2 first ms     min median    max   bar\n`,
);
for (const row of rows) {
  if (chosen.length === 0 || chosen.includes(row.name)) process.stdout.write(await measure(row, peers));
}
for (const torch of peers) torch.close();
