// Bundles the command into dist/: few files to load on each path, so that `mlx check` starts fast.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// `npx mlx` before `npm ci` lets npm prepare the package without its dependencies; the command then says what to do.
const { build } = await import('esbuild').catch(() => {
  console.error('The packages are not installed yet: run `npm ci` first.');
  process.exit(process.env['npm_lifecycle_event'] === 'prepare' ? 0 : 1);
});

const root = fileURLToPath(new URL('..', import.meta.url));

rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true });
const options = {
  absWorkingDir: root,
  outdir: 'dist',
  bundle: true,
  // Chunks stay beside the entries: the trainer starts `./worker.js` next to itself.
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  jsx: 'automatic',
  // Native code, and what only the live view loads.
  external: [
    'onnxruntime-node',
    'vega',
    'vega-lite',
    'umap-js',
    '@duckdb/node-api',
    'gpu.js',
    'webgpu',
    'gl',
    'ink',
    'react',
    'react/jsx-runtime',
  ],
  // Less to read and compile at each start; names stay, so that a bug's stack can be read.
  minifySyntax: true,
  minifyWhitespace: true,
  // Bundled CommonJS packages ask for Node's own modules through `require`.
  banner: {
    js: "import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);",
  },
  legalComments: 'none',
  logLevel: 'warning',
};

/** Whoever gets a job has a config that was validated: zod would be a third of what a thread has to load. */
const withoutZod = {
  name: 'without-zod',
  setup(bundle) {
    bundle.onResolve({ filter: /^zod$/ }, () => ({ path: 'zod', namespace: 'left-out' }));
    bundle.onLoad({ filter: /./, namespace: 'left-out' }, () => ({
      contents: 'module.exports = { config() {} };',
    }));
  },
};

await Promise.all([
  build({ ...options, entryPoints: { main: 'src/cli/main.ts' } }),
  build({
    ...options,
    entryPoints: {
      worker: 'src/train/worker.ts',
      'measure-child': 'src/train/measure-child.ts',
      'table-child': 'src/catalog/sources/table-child.ts',
    },
    chunkNames: 'worker-[name]-[hash]',
    plugins: [withoutZod],
  }),
]);

// Data that are kept between runs are those of this very code.
const dist = new URL('../dist/', import.meta.url);
const hash = createHash('sha256');
for (const name of readdirSync(dist).sort()) hash.update(name).update(readFileSync(new URL(name, dist)));
writeFileSync(new URL('build-id', dist), hash.digest('hex'));
