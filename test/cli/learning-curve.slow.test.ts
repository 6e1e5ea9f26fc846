import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { normal, streamKey } from '../../src/base/random.ts';
import { config, mlx, readJson, root, scratch } from './mlx.ts';

const folder = scratch();
const experiments = join(folder, 'experiments');
const at = ['--experiments', experiments];

/** A config and its data: `columns` normal numbers a row, and a class that `rule` makes of them. */
function planted(
  name: string,
  rows: number,
  columns: number,
  rule: (x: number[], noise: number) => boolean,
  epochs: number,
) {
  const lines = Array.from({ length: rows }, (_, i) => {
    const key = streamKey(1, `planted/${name}`, i);
    const x = Array.from({ length: columns }, (_, j) => normal(key, j));
    return [...x.map((v) => v.toFixed(4)), rule(x, normal(key, columns)) ? 'yes' : 'no'].join(',');
  });
  const head = [...Array.from({ length: columns }, (_, j) => `x${j}`), 'y'].join(',');
  writeFileSync(join(folder, `${name}.csv`), `${[head, ...lines].join('\n')}\n`);
  const file = join(folder, `${name}.yaml`);
  writeFileSync(
    file,
    `data:
  source: { type: csv, path: ${name}.csv }
  target: y
  split: { test: 0.2, validation: 0.4 }
  features: [ normalize: standard ]
architecture:
  - dense: { units: 2 }
optimizer: { type: adam, learning_rate: 0.02 }
training: { batch_size: 32, epochs: ${epochs} }
evaluation: { metrics: [accuracy] }
`,
  );
  return file;
}
const curve = (file: string, more: string[] = [], options = {}) =>
  mlx(['learning-curve', file, ...at, '--seeds', '2', '--sizes', '15,30,60,100', ...more], options);
const groupsOf = (name: string) =>
  readdirSync(join(experiments, name)).filter((id) => existsSync(join(experiments, name, id, 'group.json')));

// Forty weights to learn from 100 to 700 rows: the more rows, the better.
const sums = (x: number[], noise: number) => x.reduce((a, b, j) => a + (j % 2 ? b : -b), noise / 10) > 0;

describe('mlx learning-curve', () => {
  let file = '';
  let whole: ReturnType<typeof JSON.parse>;
  beforeAll(async () => {
    file = planted('wide', 1500, 40, sums, 40);
    const ended = await curve(file, ['--json']);
    expect(ended.code).toBe(0);
    whole = JSON.parse(ended.stdout);
  }, 300_000);

  it('says that more data would help where they would', () => {
    expect(whole).toMatchObject({ kind: 'learning_curve', status: 'completed', completed: 8, runs: 8 });
    expect(whole.curve.evidence).toMatchObject({ high_variance: true, more_data: true });
    expect(whole.curve.verdict).toBe('more_data');
    expect(whole.curve.points.map((p: { rows: number }) => p.rows)).toEqual([108, 216, 432, 720]);
  });

  it('never looks at the test part; all runs have the same validation rows, and larger sizes hold smaller ones', () => {
    const runs = readdirSync(join(experiments, 'wide')).filter((id) => id.includes('-'));
    expect(runs).toHaveLength(8);
    const validation = new Set<string>();
    for (const id of runs) {
      const run = join(experiments, 'wide', id);
      const result = readJson(run, 'result.json');
      expect(Object.keys(result.metrics).sort()).toEqual(['train', 'validation']);
      expect(result.metrics.train.accuracy.interval).toBeDefined();
      expect(existsSync(join(run, 'predictions.csv'))).toBe(false);
      const { splits } = readJson(run, 'lock.json').data;
      expect(splits.test.count).toBe(0);
      validation.add(splits.validation.sha256);
    }
    expect(validation.size).toBe(1);
    expect(existsSync(join(experiments, '.test-looks'))).toBe(false);
  });

  it('trains nothing again when called again, for another metric too', async () => {
    const again = await curve(file, ['--json', '--metric', 'loss']);
    expect(again.code).toBe(0);
    expect(again.stderr).not.toMatch(/epoch 1\//);
    const found = JSON.parse(again.stdout);
    expect(found.group).toBe(whole.group);
    expect(found.curve.metric).toBe('loss');
    expect(groupsOf('wide')).toHaveLength(1);
  });

  it('shows it as text and as Markdown', async () => {
    const text = (await curve(file)).stdout;
    expect(text).toMatch(/^✓ learning curve of wide \w+ {3}8 runs, 4 sizes × 2 seeds/);
    expect(text).toMatch(/1,440 rows \(2×\): accuracy 0\.\d+, \+0\.\d+ \[/);
    expect(text).toMatch(/verdict +more rows would help/);
    expect(text).toMatch(/[⠀-⣿]/);
    expect((await curve(file, ['--charts', 'ascii'])).stdout).not.toMatch(/[⠀-⣿]/);
    expect((await curve(file, ['--markdown'])).stdout).toMatch(
      /^### .*learning curve of wide[\s\S]*\*\*verdict\*\* more rows/,
    );
    expect((await mlx(['show', whole.group, ...at])).stdout).toMatch(/verdict +more rows would help/);
    expect((await mlx(['list', 'wide', ...at])).stdout).toMatch(/8 of 8 learning_curve/);
  });

  it('killed in the second run, it goes on with what is left to the same curve', async () => {
    const other = join(folder, 'killed.yaml');
    writeFileSync(other, readFileSync(file));
    const args = ['learning-curve', other, ...at, '--seeds', '2', '--sizes', '15,30,60,100', '--json'];
    await new Promise<void>((resolve) => {
      let heard = '';
      const child = spawn(process.execPath, [join(root, 'bin/mlx.js'), ...args], {
        env: { ...process.env, CI: '1', NO_COLOR: '1' },
      });
      child.stderr.on('data', (chunk) => {
        heard += chunk;
        if (heard.split(/epoch 3\/40/).length > 2) child.kill('SIGKILL');
      });
      child.on('close', () => resolve());
    });
    const [id] = groupsOf('killed');
    const first = join(experiments, 'killed', `${id}-1`, 'result.json');
    const before = readFileSync(first);
    expect(existsSync(join(experiments, 'killed', id!, 'result.json'))).toBe(false);
    const ended = await curve(other, ['--json']);
    expect(ended.code).toBe(0);
    expect(readFileSync(first)).toEqual(before);
    expect(groupsOf('killed')).toEqual([id]);
    expect(JSON.parse(ended.stdout).curve).toEqual(whole.curve);
  });

  it('says that a larger model may help where the model is too small', async () => {
    const xor = planted('xor', 1500, 2, (x) => x[0]! * x[1]! > 0, 10);
    const ended = await curve(xor, ['--json']);
    expect(ended.code).toBe(0);
    const found = JSON.parse(ended.stdout).curve;
    expect(found.evidence).toMatchObject({ high_bias: true, high_variance: false, more_data: false });
    expect(found.verdict).toBe('larger_model');
  });

  it.each<[string, string[], number, RegExp]>([
    [
      'sizes that are none',
      ['--sizes', '0,50'],
      2,
      /--sizes takes up to 50 percentages above 0, found "0,50"/,
    ],
    ['sizes in words', ['--sizes', 'all'], 2, /--sizes takes/],
    ['no seed', ['--seeds', '0'], 2, /--seeds takes a whole number from 1 to 100, found "0"/],
    [
      'a metric that the config has not',
      ['--metric', 'r2'],
      2,
      /the config has no metric "r2"\n {2}help: name one of loss, accuracy/,
    ],
    ['k folds', ['--set', 'data.split={ type: k_fold }'], 2, /one training part, k folds have several/],
  ])('%s: refused with what to do', async (_, more, code, message) => {
    const ended = await curve(config('penguins.yaml'), more);
    expect(ended.stderr).toMatch(message);
    expect(ended.code).toBe(code);
    expect(existsSync(join(experiments, 'penguins'))).toBe(false);
  });
});
