import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { onnxEngine } from '../../src/engines/onnx/index.ts';
import { countOf } from './count.mjs';
import { compileModel } from './models.ts';
import { matmulPeak } from './peak.ts';
import { type Answer, type Peer, type PeerSpec, startPeer } from './peers/peer.ts';
import { rows } from './rows.ts';
import { median, timed, verdict } from './timing.ts';
import { startTorch } from './torch.ts';

/*
 * One training step against the peers in JavaScript and Python, in turn within each round; a ratio is our samples per
 * second over the peer's. What a peer can't do it says. Usage: npm run bench:peers -- [rounds] [row | peak ...]
 */
const [root = '.', given, ...chosen] = process.argv.slice(2);
const rounds = countOf(given, 'rounds', 3);
const folder = join(root, 'test/bench');
const threads = Math.min(2, availableParallelism());
/** Milliseconds that each gets in a round, we too; one step at least. */
const BUDGET = 700;

const SPECS: Record<string, PeerSpec> = Object.fromEntries(
  (
    [
      { name: 'jax-js', script: 'jax-js.mjs', package: 'jax-js', args: ['stock'] },
      { name: 'jax-js tuned', script: 'jax-js.mjs', package: 'jax-js', args: ['tuned'] },
      { name: 'jax-js threads', script: 'jax-js.mjs', package: 'jax-js', args: ['threads'] },
      { name: 'tfjs wasm', script: 'tfjs.mjs', package: 'tfjs', args: ['wasm'] },
      { name: 'tfjs cpu', script: 'tfjs.mjs', package: 'tfjs', args: ['cpu'] },
      { name: 'brain.js', script: 'brain.mjs', package: 'brain.js' },
      { name: 'scikit-learn', script: 'sklearn_step.py' },
    ] satisfies PeerSpec[]
  ).map((spec) => [spec.name, spec]),
);

/** Who is measured in which row, and how many times as fast we want to be; undefined: no bar. */
const small = {
  'jax-js': 4,
  'jax-js tuned': 4,
  'tfjs wasm': 15,
  'tfjs cpu': undefined,
  'brain.js': undefined,
  'scikit-learn': undefined,
};
const TABLE: Readonly<Record<string, Readonly<Record<string, number | undefined>>>> = {
  cnn: { 'jax-js': 8, 'jax-js tuned': 8, 'jax-js threads': 8, 'tfjs wasm': undefined, 'tfjs cpu': 1000 },
  mlp: { 'tfjs wasm': 8, 'tfjs cpu': undefined },
  'mlp-128': small,
  'mlp-128-batch-32': small,
};

interface Measured {
  readonly peer: Peer;
  readonly bar: number | undefined;
  readonly answers: Answer[];
  refused?: string;
}

async function measure(name: string): Promise<void> {
  const row = rows.find((r) => r.name === name)!;
  const model = compileModel(root, row.config);
  const { batch } = model.plan.programs.train!;
  const label = row.label.includes('batch ') ? row.label : `${row.label}, batch ${batch}`;
  const began = performance.now();
  const session = await onnxEngine.open(model.plan, model.state, { threads, layout: 'fast' });
  await session.prepare('train');
  await timed(session, model, 0, 0);
  const first = performance.now() - began;
  const peers: Measured[] = [];
  const torches = [await startTorch(folder, 1), await startTorch(folder, 2)].filter((t) => t !== undefined);
  if (torches.length > 0)
    peers.push({
      bar: row.bar,
      answers: [],
      peer: {
        title: `PyTorch ${torches[0]!.version}, 1 or 2 threads`,
        async run(_, milliseconds) {
          const steps = milliseconds === 0 ? 1 : row.steps;
          const all = [];
          for (const torch of torches) all.push({ batch, ...(await torch.run(name, steps)) });
          return all.sort((a, b) => a.ms - b.ms)[0]!;
        },
        close() {
          for (const torch of torches) torch.close();
        },
      },
    });
  for (const [peer, bar] of Object.entries(TABLE[name]!))
    peers.push({ bar, answers: [], peer: await startPeer(folder, SPECS[peer]!) });
  // Compiled before the first round, so that no round has it.
  for (const each of peers) {
    const answer = await each.peer.run(name, 0).catch((error: Error) => ({ refused: error.message }));
    if ('refused' in answer) each.refused = answer.refused;
  }
  const ours: number[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(await timed(session, model, round * row.steps, 1, BUDGET));
    for (const { peer, answers, refused } of peers)
      if (refused === undefined) answers.push((await peer.run(name, BUDGET)) as Answer);
  }
  await session.close();
  for (const { peer } of peers) peer.close();
  const speed = (1000 * batch) / median(ours);
  process.stdout.write(
    `\n${label}: mlx ${ms(median(ours))} ms a step (${speed.toFixed(0)} samples/s), first step ${first.toFixed(0)} ms\n` +
      `  ${'peer'.padEnd(38)}  batch ms a step first ms      min  median     max    bar\n`,
  );
  for (const each of peers) process.stdout.write(`  ${line(each, ours, batch)}\n`);
  const flops = model.plan.programs.train!.steps.reduce(
    (sum, step) => sum + (step.kind === 'contract' ? step.flops : 0),
    0,
  );
  achieved.push({ label, gflops: flops / median(ours) / 1e6 });
}

function line({ peer, answers, refused, bar }: Measured, ours: readonly number[], batch: number): string {
  const title = peer.title.padEnd(38);
  if (refused !== undefined) return `${title}  no: ${refused}`;
  const { batch: theirs, first, note } = answers[0]!;
  const time = median(answers.map((a) => a.ms));
  const ratios = answers.map((a, round) => a.ms / a.batch / (ours[round]! / batch));
  const cells = [String(theirs).padStart(5), ms(time).padStart(9), first.toFixed(0).padStart(8)];
  return `${title}  ${cells.join(' ')}  ${verdict(ratios, bar)}${note ? `  (${note})` : ''}`;
}

const ms = (value: number): string => value.toFixed(value < 10 ? 3 : 1);

const achieved: { readonly label: string; readonly gflops: number }[] = [];
process.stdout.write(
  `a training step, medians of ${rounds} rounds, mlx with ${threads} threads; ratio: samples/s over the peer's, larger is better\n`,
);
const wanted = chosen.length > 0 ? chosen : [...Object.keys(TABLE), 'peak'];
for (const name of wanted) if (TABLE[name]) await measure(name);
const peak = await matmulPeak(threads);
process.stdout.write(
  `\npeak of sgemm on this machine through ONNX Runtime, ${threads} threads: ${peak.toFixed(1)} GFLOP/s\n`,
);
for (const { label, gflops } of achieved)
  process.stdout.write(
    `  ${label.padEnd(38)} ${gflops.toFixed(1).padStart(6)} GFLOP/s, ${((100 * gflops) / peak).toFixed(0)}% of it\n`,
  );
