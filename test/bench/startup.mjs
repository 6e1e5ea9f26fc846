// `mlx check` on a valid file against `node -e 0`, in turn: `npm run bench:startup -- [rounds]`.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { countOf } from './count.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const rounds = countOf(process.argv[2], 'rounds', 21);

function timed(args) {
  const start = performance.now();
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'ignore' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}`);
  return performance.now() - start;
}
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

const check = ['bin/mlx.js', 'check', 'configs/mnist-cnn.yaml'];
const nothing = ['-e', '0'];
timed(check); // warms the file cache
const ours = [];
const node = [];
for (let i = 0; i < rounds; i++) {
  ours.push(timed(check));
  node.push(timed(nothing));
}
const ratios = ours.map((ms, i) => ms / node[i]);
console.log(
  `mlx check ${median(ours).toFixed(0)} ms, node -e 0 ${median(node).toFixed(0)} ms; ` +
    `ratio min ${Math.min(...ratios).toFixed(2)}, median ${median(ratios).toFixed(2)}, max ${Math.max(...ratios).toFixed(2)}`,
);
