import { spawnSync } from 'node:child_process';

// npm run samples:refresh [-- case…]: records anew what test/samples/runs.test.ts compares with.
const run = (...args) => {
  const { status } = spawnSync('npm', args, {
    stdio: 'inherit',
    env: { ...process.env, SAMPLES_REFRESH: '1' },
  });
  if (status !== 0) process.exit(status ?? 1);
};
const cases = process.argv.slice(2);
run('run', '--silent', 'build');
const only = cases.length > 0 ? ['-t', `^(${cases.join('|')})$`] : [];
for (const config of ['vitest.config.ts', 'vitest.slow.config.ts'])
  run('exec', '--', 'vitest', 'run', '--config', config, 'test/samples', ...only);
