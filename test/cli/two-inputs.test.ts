import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { streamKey, uniform } from '../../src/base/random.ts';
import { npzBytes } from '../readers/npz.ts';
import { mlx, readJson, runFolder, scratch } from './mlx.ts';

const COUNT = 240;
const SIDE = 6;
const key = streamKey(5, 'test/two-inputs');
const image = Uint8Array.from({ length: COUNT * SIDE * SIDE }, (_, i) => Math.floor(256 * uniform(key, i)));
const table = Float32Array.from({ length: COUNT * 3 }, (_, i) => 100 * uniform(key, 1_000_000 + i));
/** Neither input tells the class alone: the sum of a corner's brightness and of a column does. */
const label = Int32Array.from({ length: COUNT }, (_, i) => {
  const corner = [0, 1, SIDE, SIDE + 1].reduce((sum, at) => sum + image[i * SIDE * SIDE + at]! / 255 / 4, 0);
  return corner + table[3 * i]! / 100 > 1 ? 1 : 0;
});

const CONFIG = `data:
  source: { type: npz, path: two.npz, features: [image, table], target: label }
  split: { train: 0.6, validation: 0.2, test: 0.2 }
  features:
    - normalize: { type: pixel, columns: [image] }
    - normalize: { type: standard, columns: [table] }
architecture:
  - conv2d: { name: seen, inputs: image, filters: 4, kernel_size: 3, activation: relu }
  - flatten: { name: picture }
  - dense: { name: numbers, inputs: table, units: 4, activation: relu }
  - concatenate: { name: both, inputs: [picture, numbers] }
  - dense: { units: 2 }
optimizer: { type: adam, learning_rate: 0.01 }
training: { batch_size: 32, epochs: 4 }
evaluation: { metrics: [accuracy], baselines: [logistic_regression, knn] }
`;

const home = scratch();
const file = join(home, 'two.yaml');
const experiments = join(home, 'experiments');
const run = (...args: string[]) => mlx(['run', file, '--experiments', experiments, ...args]);

beforeAll(() => {
  const arrays = {
    image: { shape: [COUNT, SIDE, SIDE], data: image },
    table: { shape: [COUNT, 3], data: table },
    label: { shape: [COUNT], data: label },
    short: { shape: [10, 2], data: new Float32Array(20) },
  };
  writeFileSync(join(home, 'two.npz'), npzBytes(arrays));
  writeFileSync(file, CONFIG);
});

describe('a network of two inputs', () => {
  it('is checked, with what each node reads', async () => {
    const checked = await mlx(['check', file]);
    expect(checked).toMatchObject({ code: 0, stderr: '' });
    expect(checked.stdout).toMatch(/image +\(6, 6, 1\)\n +table +\(3\)\n/);
    expect(checked.stdout).toMatch(/both +\(68\) +reads picture, numbers\n/);
  });

  it('has a plan whose programs read both', async () => {
    const plan = await mlx(['plan', file]);
    expect(plan.code).toBe(0);
    expect(plan.stdout).toMatch(/source +npz, image \(6, 6, 1\), table \(3\) -> 2 classes/);
    expect(plan.stdout).toMatch(/normalize: pixel \(image\): x \/ 255; fitted on nothing/);
    expect(plan.stdout).toMatch(/normalize: standard \(table\): .*; fitted on train \(115 rows\)/);
    expect(plan.stdout).toMatch(/both +concatenate +\(68\) +0 +picture, numbers/);
  });

  it('trains alike on every engine, and is exported with an input for each', async () => {
    const losses: Record<string, number[]> = {};
    for (const engine of ['reference', 'onnx', 'gpujs:webasm', 'gpujs:cpu']) {
      const name = engine.replace(':', '-');
      const ended = await run('--engine', engine, '--set', `name=${name}`);
      expect(ended.code, ended.stderr).toBe(0);
      const folder = runFolder(experiments, name);
      const events = readFileSync(join(folder, 'events.ndjson'), 'utf8').trimEnd().split('\n');
      losses[engine] = events
        .map((line) => JSON.parse(line))
        .filter(({ type }) => type === 'epoch')
        .map(({ metrics }) => metrics.val_loss);
    }
    expect(losses['reference']).toHaveLength(4);
    expect(losses['reference']!.at(-1)).toBeLessThan(losses['reference']![0]!);
    for (const own of Object.values(losses))
      own.forEach((loss, epoch) => {
        expect(Math.abs(loss - losses['reference']![epoch]!)).toBeLessThan(1e-4);
      });

    const folder = runFolder(experiments, 'onnx');
    const session = await ort.InferenceSession.create(join(folder, 'model.onnx'));
    expect(session.inputNames).toEqual(['image', 'table']);
    const [, ...rows] = readFileSync(join(folder, 'predictions.csv'), 'utf8').trimEnd().split('\n');
    expect(rows).toHaveLength(48);
    const ids = rows.map((row) => Number(row.split(',')[0]));
    const pixels = ids.flatMap((id) => [...image.subarray(id * SIDE * SIDE, (id + 1) * SIDE * SIDE)]);
    const numbers = ids.flatMap((id) => [...table.subarray(id * 3, (id + 1) * 3)]);
    const outputs = await session.run({
      image: new ort.Tensor('float32', Float32Array.from(pixels), [ids.length, SIDE, SIDE, 1]),
      table: new ort.Tensor('float32', Float32Array.from(numbers), [ids.length, 3]),
    });
    const [scores, labels] = [outputs['scores']!.data as Float32Array, outputs['label']!.data];
    rows.forEach((row, i) => {
      const [id, truth, prediction, ...expected] = row.split(',');
      expect(truth).toBe(String(label[Number(id)]));
      expect(String(labels[i])).toBe(prediction);
      expected.slice(0, 2).forEach((score, j) => {
        expect(Math.abs(scores[2 * i + j]! - Number(score))).toBeLessThan(2e-5);
      });
    });
    const columns = readJson(folder, 'columns.json');
    expect(columns.fields).toMatchObject([{ name: 'image', shape: [6, 6, 1] }, { name: 'table' }]);
    expect(columns.fields[1].inputs.map((one: { name: string }) => one.name)).toEqual([
      'table1',
      'table2',
      'table3',
    ]);
  });

  it('has a page, is compared with simple models, and is reproduced', async () => {
    const folder = runFolder(experiments, 'onnx');
    expect(existsSync(join(folder, 'report.html'))).toBe(true);
    const page = readFileSync(join(folder, 'report.html'), 'utf8');
    expect(page).toMatch(/<th[^>]*>reads<\/th>/);
    expect(page).toMatch(/<td[^>]*>picture, numbers<\/td>/);
    const result = readJson(folder, 'result.json');
    expect(result.baselines.models.map((one: { name: string }) => one.name).sort()).toEqual([
      'knn',
      'logistic_regression',
    ]);
    const again = await mlx(['reproduce', folder, '--experiments', experiments]);
    expect(again.code, again.stdout + again.stderr).toBe(0);
    const explained = await mlx(['explain', folder, '--experiments', experiments]);
    expect(explained.code).toBe(2);
    expect(explained.stderr).toContain('the network reads image, table');
  });

  it('goes on after an interruption with the same weights', async () => {
    let stopped = false;
    const first = await mlx(
      [
        'run',
        file,
        '--json',
        '--experiments',
        experiments,
        '--set',
        'name=stopped',
        '--set',
        'training.epochs=400',
        '--engine',
        'onnx',
      ],
      {
        during: (child, stdout) => {
          if (stopped || !stdout().includes('"type":"epoch"')) return;
          stopped = true;
          child.kill('SIGINT');
        },
      },
    );
    expect(first.code, first.stderr).toBe(130);
    const folder = runFolder(experiments, 'stopped');
    const resumed = await mlx(['resume', folder, '--experiments', experiments]);
    expect(resumed.code, resumed.stderr).toBe(0);
    const whole = await run('--set', 'name=whole', '--set', 'training.epochs=400', '--engine', 'onnx');
    expect(whole.code).toBe(0);
    const predictions = (path: string) => readFileSync(join(path, 'predictions.csv'), 'utf8');
    expect(predictions(folder)).toBe(predictions(runFolder(experiments, 'whole')));
  });
});

describe('mistakes', () => {
  const failure = async (from: string, to: string): Promise<string> => {
    expect(CONFIG).toContain(from);
    writeFileSync(join(home, 'wrong.yaml'), CONFIG.replace(from, to));
    const ended = await mlx(['check', '--data', join(home, 'wrong.yaml')]);
    expect(ended.code).not.toBe(0);
    return ended.stderr;
  };

  it('in names and numbers of inputs are told with their place', async () => {
    const unread = await failure('inputs: [picture, numbers]', 'inputs: [picture, picture]');
    expect(unread).toMatch(
      /error\[unread-node\]: nothing reads the output of `numbers`[\s\S]*wrong.yaml:10:/,
    );
    const field = await failure('inputs: table, units', 'inputs: tabel, units');
    expect(field).toMatch(
      /error\[unknown-input\]: .*`tabel`[\s\S]*wrong.yaml:10:37[\s\S]*rename it to `table`/,
    );
    const without = await failure('name: seen, inputs: image,', 'name: seen,');
    expect(without).toMatch(
      /error\[which-field\]: conv2d doesn't say .*`image`, `table`[\s\S]*wrong.yaml:8:/,
    );
    const idle = await failure('inputs: table, units', 'inputs: picture, units');
    expect(idle).toMatch(/error\[unread-field\]: no node reads the field `table`/);
    const name = await failure('name: numbers, inputs', 'name: table, inputs');
    expect(name).toMatch(/error\[duplicate-name\]: a layer is called `table`/);
  });

  it('in the data and their features as well', async () => {
    const absent = await failure('[image, table], target', '[image, tables], target');
    expect(absent).toMatch(/error\[no-such-array\]: .* has no array tables/);
    const short = await failure('[image, table], target', '[image, short], target');
    expect(short).toMatch(/error\[npy-mismatch\]: .*image.* 240 examples, .*short.* 10/);
    const taken = await failure('[image, table], target', '[image, weight], target');
    expect(taken).toMatch(/expected a name of letters/);
    const column = await failure('columns: [table]', 'columns: [tables]');
    expect(column).toMatch(/error\[no-such-column\]: there is no input or column `tables` here/);
    const twice = await failure('[image, table], target', '[image, image], target');
    expect(twice).toMatch(/error\[duplicate-name\]: `features` names image twice/);
  });
});
