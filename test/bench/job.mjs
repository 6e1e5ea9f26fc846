// The whole of mnist-mlp, one epoch, from process start to saved model, against a PyTorch script with one and two
// threads, in turn: `npm run bench:job -- [rounds]`. The script has neither baselines nor a leakage audit nor a report, so the ratio is
// that of a run without them; the run as it is by default is timed as well.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { countOf } from './count.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const rounds = countOf(process.argv[2], 'rounds', 7);
const BAR = 2;
const folder = mkdtempSync(join(tmpdir(), 'mlx-job-'));

function timed(command, args, env = {}) {
  const start = performance.now();
  const { status, stderr } = spawnSync(command, args, {
    cwd: folder,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${command} ${args[0]} ended with ${status}: ${stderr}`);
  return performance.now() - start;
}
const audits = [
  'target_copy',
  'single_feature',
  'identifiers',
  'duplicates',
  'near_duplicates',
  'groups',
  'time',
];
const bare = [
  'evaluation.baselines=[]',
  ...[...audits, 'class_coverage'].map((name) => `data.audit.${name}=off`),
];
const mlx = (settings) =>
  timed(process.execPath, [
    join(root, 'bin/mlx.js'),
    'run',
    join(root, 'configs/mnist-mlp.yaml'),
    ...['training.epochs=1', 'expect=[]', ...settings].flatMap((setting) => ['--set', setting]),
    ...(settings.length > 0 ? ['--no-report'] : []),
    '--no-tui',
  ]);
const torch = (threads) =>
  timed(
    '/usr/bin/python3',
    [
      join(root, 'test/bench/torch_job.py'),
      join(root, 'data/mnist-10k'),
      join(folder, 'model.pt'),
      '1',
      `${threads}`,
    ],
    { OMP_NUM_THREADS: `${threads}`, OPENBLAS_NUM_THREADS: `${threads}` },
  );

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
try {
  mlx(bare);
  torch(1); // both warm the file cache
  const times = { mlx: [], whole: [], one: [], two: [] };
  for (let i = 0; i < rounds; i++) {
    times.one.push(torch(1));
    times.mlx.push(mlx(bare));
    times.two.push(torch(2));
    times.whole.push(mlx([]));
  }
  const ratios = times.mlx.map((ms, i) => Math.min(times.one[i], times.two[i]) / ms);
  const [least, middle, most] = [Math.min(...ratios), median(ratios), Math.max(...ratios)].map((v) =>
    v.toFixed(2),
  );
  const verdict = median(ratios) >= BAR ? 'reached' : `short by ${(BAR - median(ratios)).toFixed(2)}`;
  console.log(
    `mnist-mlp, 1 epoch, process start to saved model, medians of ${rounds}: mlx ${median(times.mlx).toFixed(0)} ms ` +
      `(${median(times.whole).toFixed(0)} with baselines and audit), ` +
      `PyTorch ${median(times.one).toFixed(0)} ms with 1 thread, ${median(times.two).toFixed(0)} ms with 2; ` +
      `PyTorch's best over mlx min ${least}, median ${middle}, max ${most}; bar ${BAR}: ${verdict}`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
