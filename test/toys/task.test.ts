import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
/** Below the package, so that packages and the package's own files are found. */
const program = mkdtempSync(join(root, 'node_modules/.counting-'));
const work = mkdtempSync(join(tmpdir(), 'mlx-counting-'));
afterAll(() => {
  rmSync(program, { recursive: true, force: true });
  rmSync(work, { recursive: true, force: true });
});

/** The program with one more file and one more line. */
beforeAll(async () => {
  const registered = {
    name: 'counting',
    setup(bundle: Parameters<NonNullable<Parameters<typeof build>[0]['plugins']>[number]['setup']>[0]) {
      bundle.onLoad({ filter: /catalog[\\/]tasks[\\/]index\.ts$/ }, ({ path }) => {
        const text = readFileSync(path, 'utf8');
        const more = text.replace('regression]', 'regression, counting]');
        if (more === text) throw new Error('the list of tasks has another form');
        const file = JSON.stringify(join(import.meta.dirname, 'counting.ts'));
        return { contents: `import { counting } from ${file};\n${more}`, loader: 'ts' as const };
      });
    },
  };
  await build({
    absWorkingDir: root,
    outdir: program,
    entryPoints: {
      main: 'src/cli/main.ts',
      worker: 'src/train/worker.ts',
      'table-child': 'src/catalog/sources/table-child.ts',
    },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    jsx: 'automatic',
    packages: 'external',
    logLevel: 'warning',
    plugins: [registered],
  });
  const rows = Array.from({ length: 120 }, (_, i) => [i % 7, (i * 5) % 11]);
  const lines = rows.map(([a, b]) => `${a},${b},${Math.max(0, 2 * a! + b! - 4)}`);
  writeFileSync(join(work, 'counts.csv'), `a,b,count\n${lines.join('\n')}\n`);
  writeFileSync(join(work, 'counts.yaml'), config(''));
});

const config = (metrics: string) => `
task: counting
engine: reference
data: { source: { type: csv, path: counts.csv }, target: count }
architecture: [ { dense: { units: 1 } } ]
optimizer: { type: adam, learning_rate: 0.1 }
training: { epochs: 40, batch_size: 16 }
evaluation: { ${metrics}baselines: none }
`;

function mlx(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(program, 'main.js'), ...args], {
    cwd: work,
    encoding: 'utf8',
    env: { ...process.env, CI: '1', NO_COLOR: '1', GITHUB_ACTIONS: '' },
  });
  return { status, stdout, stderr };
}

const runs = () =>
  readdirSync(join(work, 'experiments/counts')).map((id) => join(work, 'experiments/counts', id));

describe('a task that is one file and one line', () => {
  it('trains, and its result, predictions and model are those of the task', () => {
    const run = mlx('run', 'counts.yaml');
    expect(run.status, run.stderr).toBe(0);
    const [folder] = runs();
    const result = JSON.parse(readFileSync(join(folder!, 'result.json'), 'utf8'));
    expect(result).toMatchObject({ task: 'counting', status: 'completed' });
    expect(result.metrics.test.mean_absolute_error.value).toBeLessThan(3);
    const [head, ...rows] = readFileSync(join(folder!, 'predictions.csv'), 'utf8').trim().split('\n');
    expect(head).toBe('id,truth,prediction,loss');
    expect(rows.length).toBe(36);
    for (const row of rows) expect(row.split(',')[2]).toMatch(/^\d+$/);
  });

  it('is shown and compared', () => {
    expect(mlx('run', 'counts.yaml', '--set', 'training.epochs=2').status).toBe(0);
    const [first, second] = runs();
    expect(mlx('show', first!).stdout).toContain('mean_absolute_error');
    const compared = mlx('compare', first!, second!);
    expect(compared.status, compared.stderr).toBe(0);
    expect(compared.stdout).toContain('mean_absolute_error');
  });

  it('is named where something is not for it', () => {
    writeFileSync(join(work, 'wrong.yaml'), config('metrics: [accuracy], '));
    const { status, stderr, stdout } = mlx('check', 'wrong.yaml');
    expect(status).toBe(2);
    expect(stderr + stdout).toContain('accuracy is a metric for classification, the task is counting');
  });
});
