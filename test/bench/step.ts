import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { onnxEngine } from '../../src/engines/onnx/index.ts';
import { countOf } from './count.mjs';
import { compileModel } from './models.ts';
import { type Row, rows } from './rows.ts';
import { median, timed, verdict } from './timing.ts';
import { startTorch, type Torch } from './torch.ts';

/*
 * One training step against PyTorch with one and two threads. Within a round all measure in turn, so that a busy
 * machine slows all; a round's ratio is PyTorch's better time over ours, larger is better for us.
 * Usage: npm run bench -- [rounds] [row...]
 */
const [root = '.', given, ...chosen] = process.argv.slice(2);
const rounds = countOf(given, 'rounds', 7);
const threads = Math.min(2, availableParallelism());

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
  for (let round = 0; round < rounds; round++) {
    for (const [i, torch] of peers.entries()) theirs[i]!.push((await torch.run(row.name, row.steps)).ms);
    ours.push(await timed(session, model, round * row.steps, row.steps));
    if (!same) others.push(await timed(portable, model, round * row.steps, row.steps));
  }
  await session.close();
  await portable.close();
  const ratios = ours.map((ms, round) => Math.min(...theirs.map((t) => t[round]!)) / ms);
  const time = (t: readonly number[]) =>
    (t.length === 0 ? '-' : median(t).toFixed(t[0]! < 10 ? 3 : 1)).padStart(8);
  const times = [ours, others, ...theirs].map(time).join(' ');
  return `${row.label.padEnd(22)}${times} ${first.toFixed(0).padStart(8)}  ${verdict(ratios, row.bar)}\n`;
}

const peers: Torch[] = [];
for (const count of [1, 2]) {
  const torch = await startTorch(join(root, 'test/bench'), count);
  if (torch) peers.push(torch);
}
if (peers.length === 0)
  throw new Error("no python on this machine has torch: install Debian's python3-torch");
process.stdout.write(
  `milliseconds a step (medians of ${rounds} rounds), mlx with ${threads} threads, PyTorch ${peers[0]!.version}; ratio: samples/s over PyTorch's best\n` +
    `network                    mlx portable  torch-1  torch-2 first ms      min  median     max    bar\n`,
);
for (const row of rows) {
  if (chosen.length === 0 || chosen.includes(row.name)) process.stdout.write(await measure(row, peers));
}
for (const torch of peers) torch.close();
