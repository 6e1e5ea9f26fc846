import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What is measured, exactly; none of it is a dependency of the project. */
const PACKAGES = {
  'jax-js': { '@jax-js/jax': '0.1.25' },
  tfjs: { '@tensorflow/tfjs': '4.22.0', '@tensorflow/tfjs-backend-wasm': '4.22.0' },
  'brain.js': { 'brain.js': '1.6.1' },
} as const;
export type Package = keyof typeof PACKAGES;

/**
 * Installs a peer into a folder of its own in the user's cache, once; its install scripts don't run.
 * @returns the folder that holds its node_modules
 * @throws Error with npm's own reason
 */
export function installed(name: Package): string {
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  const dependencies = PACKAGES[name];
  const pins = Object.values(dependencies).join('-');
  const folder = join(cache, 'mlx-bench-peers', `${name}-${pins}`);
  const done = join(folder, '.installed');
  if (existsSync(done)) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  process.stderr.write(`installing ${name} for the benchmark\n`);
  const { status, stderr, error } = spawnSync(
    'npm',
    ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    { cwd: folder, encoding: 'utf8' },
  );
  if (status !== 0)
    throw new Error(error?.message ?? stderr.trim().split('\n')[0] ?? 'npm failed without a reason');
  writeFileSync(done, '');
  return folder;
}
