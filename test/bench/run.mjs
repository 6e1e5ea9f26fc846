// Bundles a TypeScript file of this folder and runs it: `node test/bench/run.mjs <file> [argument...]`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const [script = 'step', ...args] = process.argv.slice(2);
const root = fileURLToPath(new URL('../..', import.meta.url));
// Inside node_modules, so that the bundle finds its packages and git ignores it.
const folder = mkdtempSync(join(root, 'node_modules', '.bench-'));
try {
  const outfile = join(folder, `${script}.mjs`);
  await build({
    entryPoints: [join(root, 'test/bench', `${script}.ts`)],
    outfile,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    logLevel: 'warning',
  });
  // Beside the bundle, as in dist/: tables are read by a process of their own.
  await build({
    entryPoints: [join(root, 'src/catalog/sources/table-child.ts')],
    outfile: join(folder, 'table-child.js'),
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    logLevel: 'warning',
  });
  const { status } = spawnSync(process.execPath, [outfile, root, ...args], {
    stdio: 'inherit',
    env: { ...process.env, ORT_DISABLE_TELEMETRY: '1' },
  });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
