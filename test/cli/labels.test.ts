import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { normal, streamKey } from '../../src/base/random.ts';
import { type Ended, mlx, readJson, runFolder, scratch } from './mlx.ts';

const folder = scratch();
const experiments = scratch();
const LABELS = ['big', 'red', '<round>'];
const file = join(folder, 'shapes.yaml');

/** Shapes of three measurements, each label told by one of them but for noise. */
function shapes(): void {
  const key = streamKey(8, 'test/shapes');
  const lines = Array.from({ length: 300 }, (_, i) => {
    const x = [0, 1, 2].map((k) => normal(key, 6 * i + k));
    const has = LABELS.filter((_, k) => x[k]! + 0.4 * normal(key, 6 * i + 3 + k) > 0.3);
    return `${x.map((v) => v.toFixed(4)).join(',')},${has.join('; ')}`;
  });
  writeFileSync(join(folder, 'shapes.csv'), `a,b,c,tags\n${lines.join('\n')}\n`);
  writeFileSync(
    file,
    `name: shapes
task: multilabel_classification
data:
  source: { type: csv, path: shapes.csv }
  target: { column: tags, separator: ";" }
  rows: [ derive: { tags: "coalesce(tags, '')" } ]
  split: { train: 0.7, test: 0.3, validation: 0.3 }
  features: [ normalize: standard ]
architecture:
  - dense: { units: 8, activation: relu }
  - dense: { units: 3 }
optimizer: { type: adam, learning_rate: 0.03 }
training: { epochs: 12, batch_size: 16 }
evaluation:
  baselines: [majority, logistic_regression]
  calibration: temperature_scaling
  threshold: { type: sensitivity, at_least: 0.95 }
expect: ["test.hamming_loss <= 0.3"]
`,
  );
}

const table = (run: string) =>
  readFileSync(join(run, 'predictions.csv'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));

describe('labels, from a table to every command', () => {
  let ended: Ended;
  let run: string;
  beforeAll(async () => {
    shapes();
    ended = await mlx(['run', file, '--experiments', experiments]);
    run = runFolder(experiments, 'shapes');
  }, 60_000);
  const again = (...args: string[]) => mlx([...args, '--experiments', experiments]);

  it('are learned, each decided by a threshold of its own, with one temperature', () => {
    expect(ended.stderr).not.toContain('warning');
    expect(ended.code).toBe(0);
    const result = readJson(run, 'result.json');
    const names = ['<round>', 'big', 'red'];
    expect(result.confusion).toBeUndefined();
    expect(result.threshold).toBeUndefined();
    expect(result.per_class.map((row: { class: string }) => row.class)).toEqual(names);
    expect(result.thresholds.map((one: { pos_label: string }) => one.pos_label)).toEqual(names);
    for (const [k, one] of result.thresholds.entries()) {
      expect(one).toMatchObject({ type: 'sensitivity', default: 0.5, examples: 63 });
      expect(one.validation.chosen.sensitivity).toBeGreaterThanOrEqual(0.95);
      expect(one.test.chosen).toEqual(result.per_class[k]);
    }
    const { calibration, metrics, default_metrics, baselines, expectations } = result;
    expect(calibration).toMatchObject({ type: 'temperature_scaling', examples: 63, split: 'test' });
    expect(
      calibration.before.reliability.reduce((n: number, bin: { count: number }) => n + bin.count, 0),
    ).toBe(270);
    expect(metrics.test.f1_micro.interval).toHaveLength(2);
    expect(default_metrics.test.hamming_loss.value).toBeLessThan(0.2);
    expect(Object.keys(metrics.train)).toEqual(['loss', 'subset_accuracy', 'hamming_loss']);
    expect(baselines).toMatchObject({ metric: 'f1_micro', test: 'paired bootstrap' });
    expect(baselines.models.map(({ name }: { name: string }) => name)).toEqual([
      'majority',
      'logistic_regression',
    ]);
    expect(baselines.models[1].value).toBeGreaterThan(0.7);
    expect(expectations).toMatchObject([{ passed: true }]);
    expect(ended.stdout).toMatch(/thresholds +sensitivity >= 0.95, one for each label \(by default 0.5\)/);
    expect(ended.stdout).toMatch(/ +<round> 0\.\d+, big 0\.\d+, red 0\.\d+/);
    expect(ended.stdout).toMatch(/label +precision +sensitivity/);
  });

  it('that only the data count are held against the units', async () => {
    const other = await mlx(['check', file, '--data', '--set', 'architecture.1.dense.units=4']);
    expect(other.code).toBe(2);
    expect(other.stderr).toMatch(
      /^error\[output-units\]: 4 output units for 3 labels\n(.*\n)* {2}help: write `units: 3`/,
    );
  });

  it('predictions.csv and model.onnx decide alike', async () => {
    const [head, ...rows] = table(run);
    const named = (what: string) => ['<round>', 'big', 'red'].map((label) => `${what}_${label}`);
    expect(head).toEqual(['id', ...named('truth'), ...named('prediction'), ...named('score'), 'loss']);
    const { thresholds } = readJson(run, 'result.json');
    const source = readFileSync(join(folder, 'shapes.csv'), 'utf8').split('\n').slice(1);
    const x = Float32Array.from(
      rows.flatMap(([id]) => source[Number(id)]!.split(',').slice(0, 3).map(Number)),
    );
    const session = await ort.InferenceSession.create(join(run, 'model.onnx'));
    const outputs = await session.run({ input: new ort.Tensor('float32', x, [rows.length, 3]) });
    const [scores, labels] = [outputs['scores']!.data as Float32Array, outputs['label']!];
    expect(labels.dims).toEqual([rows.length, 3]);
    let lowered = 0;
    rows.forEach((cells, i) => {
      const tags = source[Number(cells[0])]!.split(',')[3]!.split('; ');
      for (const [k, label] of ['<round>', 'big', 'red'].entries()) {
        const [truth, prediction, score] = [cells[1 + k], cells[4 + k], Number(cells[7 + k])];
        expect(truth).toBe(tags.includes(label) ? '1' : '0');
        expect(Math.abs(scores[3 * i + k]! - score)).toBeLessThan(2e-5);
        expect(prediction).toBe(score >= thresholds[k].value ? '1' : '0');
        if (Math.abs(score - thresholds[k].value) > 1e-4)
          expect(String(labels.data[3 * i + k])).toBe(prediction);
        if (prediction === '1' && score < 0.5) lowered++;
      }
    });
    expect(lowered).toBeGreaterThan(0);
    expect(readJson(run, 'columns.json').labels).toEqual(['<round>', 'big', 'red']);
  });

  it('the page has each label, escaped, with its threshold and its curve', () => {
    const page = readFileSync(join(run, 'report.html'), 'utf8');
    expect(page).toContain('<h3>Each label</h3>');
    expect(page).toContain('Each label is said from a score of its own on');
    expect(page).toContain('Each label, by its score.');
    expect(page).toContain('Worst mistakes');
    expect(page).toContain('&#60;round&#62;, big');
    expect(page).not.toContain('<round>');
    expect(page).not.toContain('Confusion');
  });

  it('runs are compared example by example, and repeated bit for bit', async () => {
    const other = await mlx([
      'run',
      file,
      '--experiments',
      experiments,
      '--set',
      'name=slow',
      '--set',
      'optimizer.learning_rate=0.0001',
      '--set',
      'expect=[]',
      '--set',
      'evaluation.threshold=null',
    ]);
    expect(other.code).toBe(0);
    const slow = runFolder(experiments, 'slow');
    const { stdout } = await again('compare', run, slow, '--json');
    const { against, verdicts } = JSON.parse(stdout);
    expect(verdicts).toMatchObject([{ verdict: 'worse', metric: 'f1_micro', test: 'paired bootstrap' }]);
    const test = (name: string) => against[0].metrics.find((m: { name: string }) => m.name === name).test;
    expect(test('subset_accuracy')).toBe('McNemar');
    const [flip] = against[0].flips.broken;
    expect(flip.was).toBe(flip.truth);
    expect(flip.truth).toMatch(/^(\(none\)|(<round>|big|red)(, (big|red))*)$/);
    expect(against[0].classes).toHaveLength(3);
    expect(against[0].labels).toBe(true);
    const repeated = await again('reproduce', run);
    expect(repeated.stdout).toContain('is repeated, bit for bit');
    expect(repeated.code).toBe(0);
  });

  it('explain asks a label; inspect says that it can’t look at several', async () => {
    const all = await again('explain', run);
    expect(all.code).toBe(0);
    const { importance, dependence } = readJson(run, 'explain/model.json');
    expect(importance.metric).toBe('f1_micro');
    expect(dependence[0].outputs.map(({ name }: { name: string }) => name)).toEqual([
      '<round>',
      'big',
      'red',
    ]);
    const id = table(run)[1]![0]!;
    const one = await again('explain', run, id, '--class', 'big');
    expect(one.stdout).toMatch(/score of big 0\.\d+/);
    const explained = readJson(run, `explain/example-${id}.json`).example;
    // Each label has a measurement of its own.
    expect(explained).toMatchObject({ class: 'big', columns: [{ column: 'a' }, {}, {}] });
    const inspected = await mlx(['inspect', file]);
    expect(inspected.stderr).toContain('error[task]: mlx inspect looks at one target; labels are several');
    expect(inspected.stderr).toContain('shapes.yaml:5:11');
    expect(inspected.code).toBe(2);
  });

  it('a label that validation never has has no threshold: refused before training', async () => {
    const refused = await mlx([
      'run',
      file,
      '--experiments',
      experiments,
      '--set',
      'data.split.validation=2',
    ]);
    expect(refused.stderr).toMatch(
      /error\[one-class\]: `threshold` can't be made: (no|every) validation example has the label/,
    );
    expect(refused.code).toBe(3);
  });
});
