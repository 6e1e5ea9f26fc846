// `mlx list` over 1,000 run folders as runs of mnist-mlp leave them: `npm run bench:list -- [rounds]`.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { countOf } from './count.mjs';

const RUNS = 1000;
const BAR = 1000;
const root = fileURLToPath(new URL('../..', import.meta.url));
const rounds = countOf(process.argv[2], 'rounds', 5);
const folder = mkdtempSync(join(tmpdir(), 'mlx-list-'));

const engine = { type: 'onnx', provider: 'cpu', threads: 2, version: '1.30.0', options: {} };
const classes = Array.from({ length: 10 }, (_, i) => String(i));
const result = (i) => ({
  format: 1,
  status: 'completed',
  metrics: { test: { loss: { value: 0.1 }, accuracy: { value: 0.9 + i / 1e5, interval: [0.8, 1] } } },
  parameters: 669706,
  epochs: 20,
  seconds: 10,
  samples_per_second: 20000,
  engine,
  confusion: { classes, counts: classes.map(() => classes.map((_, j) => j)) },
  per_class: classes.map((name) => ({
    class: name,
    precision: 1,
    sensitivity: 1,
    specificity: 1,
    f1: 1,
    support: 300,
  })),
});
const step = (n) =>
  `${JSON.stringify({ type: 'step', epoch: 1, step: n, step_in_epoch: n, metrics: { loss: 0.5, accuracy: 0.9 }, scalars: { 'optimizer.learning_rate': 0.001 }, samples_per_second: 20000 })}\n`;
const steps = Array.from({ length: 1100 }, (_, n) => step(n)).join('');

function timed(args) {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'bin/mlx.js'), 'list', ...args],
    {
      cwd: folder,
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(stderr);
  return { ms: performance.now() - start, lines: stdout.trimEnd().split('\n').length };
}
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

try {
  for (let i = 0; i < RUNS; i++) {
    const run = join(folder, 'experiments', `experiment-${i % 10}`, i.toString(16).padStart(4, '0'));
    mkdirSync(run, { recursive: true });
    const time = new Date(1.7e12 + i * 1e6).toISOString();
    const started = {
      type: 'run_started',
      name: 'x',
      run,
      seed: i,
      epochs: 20,
      parameters: 669706,
      engine,
      time,
    };
    writeFileSync(join(run, 'config.yaml'), 'name: x\n');
    writeFileSync(join(run, 'result.json'), JSON.stringify(result(i), null, 2));
    writeFileSync(join(run, 'events.ndjson'), `${JSON.stringify(started)}\n${steps}`);
  }
  for (const args of [[], ['--where', 'test.accuracy > 0.905', '--sort', '-test.accuracy'], ['--csv']]) {
    const warm = timed(args);
    const times = Array.from({ length: rounds }, () => timed(args).ms);
    const got = median(times);
    console.log(
      `mlx list ${args.join(' ')}: ${RUNS} runs, ${warm.lines} lines, median ${got.toFixed(0)} ms of ${rounds} ` +
        `(${Math.min(...times).toFixed(0)} to ${Math.max(...times).toFixed(0)}); bar ${BAR} ms: ${got < BAR ? 'reached' : 'missed'}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
