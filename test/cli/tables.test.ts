import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { config, mlx, readJson, root, runFolder, scratch } from './mlx.ts';

describe('penguins', () => {
  it('trains well, and model.onnx with columns.json gives predictions.csv again from the CSV alone', async () => {
    const experiments = scratch();
    const ended = await mlx(['run', config('penguins.yaml'), '--experiments', experiments]);
    expect(ended).toMatchObject({ code: 0 });
    const folder = runFolder(experiments, 'penguins');
    // The most frequent species, Adelie, is 0.44 of the rows.
    expect(readJson(folder, 'result.json').metrics.test.accuracy.value).toBeGreaterThan(0.9);
    const { inputs, classes } = readJson(folder, 'columns.json');
    const [header, ...lines] = readFileSync(join(root, 'data/penguins/penguins.csv'), 'utf8')
      .trimEnd()
      .split('\n');
    const names = header!.split(',');
    const [, ...predictions] = readFileSync(join(folder, 'predictions.csv'), 'utf8').trimEnd().split('\n');
    const cells = predictions.map((line) => line.split(',').slice(0, -1));
    const x = Float32Array.from(
      cells.flatMap(([id]) => {
        const row = lines[Number(id)]!.split(',');
        return inputs.map(({ name, levels }: { name: string; levels?: string[] }) => {
          const text = row[names.indexOf(name)]!;
          if (text === '' || text === '.') return Number.NaN;
          return levels ? levels.indexOf(text) : Number(text);
        });
      }),
    );
    const session = await ort.InferenceSession.create(join(folder, 'model.onnx'));
    const outputs = await session.run({ input: new ort.Tensor('float32', x, [cells.length, inputs.length]) });
    const scores = outputs['scores']!.data as Float32Array;
    cells.forEach(([, , prediction, ...expected], i) => {
      expect(classes[Number((outputs['label']!.data as Int32Array)[i])]).toBe(prediction);
      expected.forEach((score, j) => {
        expect(Math.abs(scores[i * 3 + j]! - Number(score))).toBeLessThan(1e-5);
      });
    });
  });

  it('the wrong number of units is told once the classes are known', async () => {
    const ended = await mlx([
      'run',
      config('penguins.yaml'),
      '--set',
      'architecture.1.dense.units=4',
      '--experiments',
      scratch(),
    ]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('error[output-units]: 4 output units for 3 classes');
    expect(ended.stderr).toContain('write `units: 3`');
  });
});

describe('mlx check', () => {
  it('tells what only tables have', async () => {
    const file = join(scratch(), 'x.yaml');
    writeFileSync(
      file,
      `data:
  source: mnist
  rows: [ filer: "a > 1", drop_missing ]
  split: { type: group }
architecture: [ dense: { units: 10 } ]
`,
    );
    const ended = await mlx(['check', file]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('there is no row step `filer`');
    expect(ended.stderr).toContain('`rows` is for tables; `mnist` has none');
    expect(ended.stderr).toContain('a group split needs `column`');
  });
});

describe('the leakage audit', () => {
  const file = (audit: string) => {
    const folder = scratch();
    const rows = Array.from(
      { length: 80 },
      (_, i) => `${i + 1},${((i * 37) % 11) / 2 + (i % 2)},${i % 2 ? 'a' : 'b'}`,
    );
    writeFileSync(join(folder, 'rows.csv'), `no,x,y\n${rows.join('\n')}\n`);
    writeFileSync(
      join(folder, 'leak.yaml'),
      `data:
  source: { type: csv, path: rows.csv }
  target: y
  split: { test: 0.3 }
  audit: ${audit}
architecture: [ dense: { units: 2 } ]
training: { epochs: 1 }
`,
    );
    return { yaml: join(folder, 'leak.yaml'), experiments: join(folder, 'experiments') };
  };

  it('warns before training at a place in the config, and is recorded', async () => {
    const { yaml, experiments } = file('{}');
    const ended = await mlx(['run', yaml, '--experiments', experiments]);
    expect(ended.code).toBe(0);
    expect(ended.stderr).toContain('warning[audit-identifiers]: `no` looks like an identifier');
    expect(ended.stderr).toMatch(/leak\.yaml:2:11\n {2}1 \| data:/);
    const { audit } = readJson(runFolder(experiments, 'leak'), 'result.json');
    expect(audit.checks).toContain('target_copy');
    expect(audit.findings).toMatchObject([{ check: 'identifiers', level: 'warn', column: 'no' }]);
  });

  it('ends with exit code 3 where the config lets it fail, before anything is written', async () => {
    const { yaml, experiments } = file('{ identifiers: fail }');
    const ended = await mlx(['run', yaml, '--experiments', experiments]);
    expect(ended.code).toBe(3);
    expect(ended.stderr).toContain('error[audit-identifiers]');
    expect(existsSync(experiments)).toBe(false);
    const checked = await mlx(['check', '--data', yaml]);
    expect(checked.code).toBe(3);
    expect((await mlx(['check', yaml])).code).toBe(0);
  });
});
