import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { sources } from '../../src/catalog/sources/index.ts';
import { config, mlx, readJson, root, runFolder, scratch } from './mlx.ts';

/** Sex of penguins from three columns: two classes that overlap. */
function penguins(evaluation: string, units = 2, more = ''): string {
  const file = join(scratch(), 'sex.yaml');
  writeFileSync(
    file,
    `name: sex
data:
  source: { type: csv, path: ${join(root, 'data/penguins/penguins.csv')}, missing: ["", "."] }
  target: sex
  rows: [ drop_missing, { drop: [body_mass_g, beak_depth_mm] } ]
  split: { train: 0.7, test: 0.3, validation: 0.3, stratify: true }
  features: [ encode: one_hot, normalize: standard ]
architecture:
  - dense: { units: 64, activation: relu }
  - dense: { units: ${units} }
loss: ${units === 1 ? 'binary_crossentropy' : 'sparse_categorical_crossentropy'}
training: { epochs: 60, batch_size: 16 }
optimizer: { type: adam, learning_rate: 0.01 }
evaluation: ${evaluation}
${more}`,
  );
  return file;
}

async function run(file: string) {
  const experiments = scratch();
  const ended = await mlx(['run', file, '--experiments', experiments]);
  const folder = ended.code === 0 ? runFolder(experiments, 'sex') : '';
  return { ended, folder, result: folder ? readJson(folder, 'result.json') : undefined };
}

const rows = (folder: string) =>
  readFileSync(join(folder, 'predictions.csv'), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').slice(0, -1)); // without the loss

describe('a threshold and a calibration', () => {
  it.each([1, 2])('are made on validation, recorded, applied and shown (%i output units)', async (units) => {
    const evaluation =
      '{ baselines: none, calibration: temperature_scaling, threshold: { type: sensitivity, at_least: 0.95 } }';
    const { ended, folder, result } = await run(penguins(evaluation, units));
    expect(ended.code).toBe(0);
    const { calibration, threshold, metrics, default_metrics } = result;
    expect(calibration.learned.temperature).toBeGreaterThan(1.2);
    expect(calibration).toMatchObject({ type: 'temperature_scaling', examples: 70, split: 'test' });
    expect(calibration.after.log_loss).toBeLessThan(calibration.before.log_loss);
    const count = (bins: { count: number }[]) => bins.reduce((sum, bin) => sum + bin.count, 0);
    expect(count(calibration.before.reliability)).toBe(100);
    expect(count(calibration.after.reliability)).toBe(100);
    expect(threshold).toMatchObject({ type: 'sensitivity', pos_label: 'MALE', default: 0.5, examples: 70 });
    expect(threshold.validation.chosen.sensitivity).toBeGreaterThanOrEqual(0.95);
    expect(threshold.test.chosen.sensitivity).toBe(metrics.test.sensitivity.value);
    expect(threshold.test.default.sensitivity).toBe(default_metrics.test.sensitivity.value);
    expect(default_metrics.test.sensitivity.value).toBeLessThan(metrics.test.sensitivity.value);
    // What the folder holds follows the threshold.
    for (const [, , prediction, ...scores] of rows(folder)) {
      const score = Number(scores.at(-1));
      expect(prediction).toBe(score >= threshold.value ? 'MALE' : 'FEMALE');
    }
    expect(ended.stdout).toMatch(/test\.sensitivity +0\.\d+ \[.*\] {2}\(0\.\d+ by default\)/);
    expect(ended.stdout).toMatch(/calibration +temperature \d\.\d+, from 70 validation examples/);
    expect(ended.stdout).toMatch(/threshold +0\.\d+ for MALE: sensitivity >= 0.95 \(by default 0.5\)/);
    expect(ended.stdout).toMatch(/ {2}0\.93–1\.00 +\d\.\d\d [█│·]{18} +\d+/);
    for (const line of ended.stdout.split('\n').filter((one) => one.includes('–')))
      expect(line.length).toBeLessThanOrEqual(80);
  });

  it('are in model.onnx: of ten digits, one against the rest', async () => {
    const experiments = scratch();
    const set = [
      'data.split={ train: 600, validation: 200, test: 200 }',
      'training.epochs=3',
      'expect=[]',
      'evaluation={ baselines: none, calibration: temperature_scaling, threshold: { type: sensitivity, at_least: 1, pos_label: 7 } }',
    ].flatMap((one) => ['--set', one]);
    const ended = await mlx(['run', config('mnist-mlp.yaml'), ...set, '--experiments', experiments]);
    expect(ended.code).toBe(0);
    const folder = runFolder(experiments, 'mnist-mlp');
    const { threshold, calibration } = readJson(folder, 'result.json');
    expect(threshold).toMatchObject({ pos_label: '7', default: null });
    expect(calibration.learned.temperature).not.toBe(1);
    const ctx = {
      folder: root,
      cache: scratch(),
      root,
      task: 'classification',
      numeric: false,
      seed: 42,
    } as const;
    const digits = await sources.get('mnist')!.read({}, ctx);
    const session = await ort.InferenceSession.create(join(folder, 'model.onnx'));
    expect(session.inputNames).toEqual(['input']);
    const all = rows(folder);
    const x = new Float32Array(all.length * 784);
    all.forEach(([id], i) => {
      x.set(digits.x.subarray(Number(id) * 784, (Number(id) + 1) * 784), i * 784);
    });
    const outputs = await session.run({ input: new ort.Tensor('float32', x, [all.length, 28, 28, 1]) });
    const [scores, labels] = [outputs['scores']!.data as Float32Array, outputs['label']!.data];
    let lowered = 0;
    all.forEach(([, , prediction, ...expected], i) => {
      const own = expected.map(Number);
      expected.forEach((score, k) => {
        expect(Math.abs(scores[i * 10 + k]! - Number(score))).toBeLessThan(2e-5);
      });
      if (Math.abs(own[7]! - threshold.value) > 1e-4) expect(String(labels[i])).toBe(prediction);
      expect(prediction === '7').toBe(own[7]! >= threshold.value);
      if (prediction === '7' && own[7]! < Math.max(...own)) lowered++;
    });
    // The threshold decides otherwise than the largest score somewhere.
    expect(lowered).toBeGreaterThan(0);
  });

  it('are refused before training where validation can’t tell', async () => {
    const file = join(scratch(), 'one.yaml');
    const lines = [...'0123456789'].map((a, i) => `${a},${i % 2 ? 'no' : 'yes'},${i < 6 ? 'train' : 'test'}`);
    writeFileSync(join(dirname(file), 'x.csv'), `a,y,part\n${lines.join('\n')}\n4,yes,validation\n`);
    writeFileSync(
      file,
      `name: sex
data:
  source: { type: csv, path: x.csv }
  target: y
  split: { type: fixed, column: part }
architecture: [ dense: { units: 2 } ]
evaluation: { threshold: youden }
`,
    );
    const refused = await run(file);
    expect(refused.ended.stderr).toContain(
      "error[one-class]: `threshold` can't be made: every validation example is of class yes",
    );
    expect(refused.ended.stderr).toContain('one.yaml:7:26');
    expect(refused.ended.code).toBe(3);
    const unknown = await run(penguins('{ threshold: { type: f1, pos_label: male } }'));
    expect(unknown.ended.code).toBe(2);
    expect(unknown.ended.stderr).toContain('there is no class "male"');
    expect(unknown.ended.stderr).toContain('the classes are FEMALE, MALE');
  });
});
