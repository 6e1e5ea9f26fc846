import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drawReport } from '../../src/cli/draw-report.ts';
import { config, mlx, readJson, runFolder, scratch } from './mlx.ts';

async function trained(name: string, ...set: string[]) {
  const experiments = scratch();
  const all = ['evaluation.baselines=none', 'expect=[]', ...set].flatMap((one) => ['--set', one]);
  const ended = await mlx(['run', config(`${name}.yaml`), '--experiments', experiments, ...all]);
  expect(ended.code).toBe(0);
  const folder = runFolder(experiments, name);
  const explain = (...args: string[]) => mlx(['explain', folder, ...args, '--experiments', experiments]);
  return { folder, explain };
}

describe('mlx explain', () => {
  it('of a table: importances of source columns, partial dependence, typical and wrong examples, and one row', async () => {
    const { folder, explain } = await trained('penguins');
    const before = readFileSync(join(folder, 'result.json'), 'utf8');
    const ended = await explain();
    expect(ended.stderr).toBe('');
    expect(ended.code).toBe(0);
    const kept = readJson(folder, 'explain/model.json');
    expect(kept).toMatchObject({ format: 1, split: 'test', examples: 103, looked: 103 });
    const { importance, dependence, extremes } = kept;
    // The columns of penguins.csv, not those of its encoding.
    expect(importance.columns.map(({ column }: { column: string }) => column).sort()).toEqual([
      'beak_depth_mm',
      'beak_length_mm',
      'body_mass_g',
      'flipper_length_mm',
      'island',
      'sex',
    ]);
    const { metrics } = JSON.parse(before);
    expect(importance).toMatchObject({ metric: 'accuracy', value: metrics.test.accuracy.value, repeats: 10 });
    const [first] = importance.columns;
    expect(first.column).toBe('beak_length_mm');
    expect(first.interval[0]).toBeGreaterThan(0.05);
    expect(first.interval[1]).toBeGreaterThan(first.mean);
    const island = dependence.find(({ column }: { column: string }) => column === 'island');
    expect(island.grid).toEqual(['Biscoe', 'Dream', 'Torgersen']);
    for (let i = 0; i < 3; i++) {
      const sum = island.outputs.reduce((all: number, o: { values: number[] }) => all + o.values[i]!, 0);
      expect(sum).toBeCloseTo(1, 5);
    }
    expect(extremes.map((one: { class: string }) => one.class)).toEqual(['Adelie', 'Chinstrap', 'Gentoo']);
    expect(ended.stdout).toMatch(/beak_length_mm +\+0\.\d+ +\[\+0\.\d+, \+0\.\d+\] +█+/);
    for (const line of ended.stdout.trimEnd().split('\n').slice(1))
      expect(line.length).toBeLessThanOrEqual(80);
    expect(readFileSync(join(folder, 'result.json'), 'utf8')).toBe(before);

    const id = extremes[0].typical[0].id;
    const page = () => readFileSync(join(folder, 'report.html'), 'utf8');
    expect(page()).toContain('<h3>Typical and wrong examples</h3>');
    expect(page()).toContain('<td>beak_length_mm</td>');
    // Where no page is, none is made.
    rmSync(join(folder, 'report.html'));
    const row = await explain(String(id), '--json');
    expect(existsSync(join(folder, 'report.html'))).toBe(false);
    await drawReport(folder);
    expect(page()).toContain(`<h3>Example ${id} of test: Adelie, taken for Adelie</h3>`);
    expect(page()).toContain('aria-label="effects of values"');
    const { example } = JSON.parse(row.stdout);
    expect(example).toMatchObject({
      kind: 'row',
      id,
      truth: 'Adelie',
      prediction: 'Adelie',
      class: 'Adelie',
    });
    expect(example.columns).toHaveLength(6);
    expect(example.columns[0].effect).toBeGreaterThan(0);
    expect(readJson(folder, `explain/example-${id}.json`).example).toEqual(example);
  });

  it.each([
    ['mnist-cnn', 'data.split={ train: 500, validation: 60, test: 100 }'],
    // Its features are 50 components; the maps are of pixels all the same.
    ['mnist-pca-mlp', 'data.split={ train: 500, validation: 60, test: 100 }'],
  ])('of pictures (%s): maps of one example that add up, and pictures of each class', async (name, split) => {
    const { folder, explain } = await trained(name, split, 'training.epochs=2');
    const whole = await explain('--json');
    const { extremes, split: part } = JSON.parse(whole.stdout);
    expect(part).toBe('validation');
    expect(extremes).toHaveLength(10);
    expect(readFileSync(join(folder, 'explain/typical.png')).subarray(1, 4).toString()).toBe('PNG');
    const [, row] = readFileSync(join(folder, 'predictions.csv'), 'utf8').split('\n');
    const [id, truth, prediction] = row!.split(',');
    const one = await explain(id!);
    expect(one.code).toBe(0);
    expect(one.stdout).toContain(`truth ${truth}, predicted ${prediction}`);
    expect(one.stdout).toMatch(/✓ attributions add up to/);
    const page = readFileSync(join(folder, 'report.html'), 'utf8');
    expect(page).toContain('alt="most typical examples, a row for each class"');
    expect(page).toContain(`alt="what speaks for ${prediction} in example ${id}"`);
    for (const line of one.stdout.trimEnd().split('\n').slice(1)) expect(line.length).toBeLessThanOrEqual(80);
    const { example } = readJson(folder, `explain/example-${id}.json`);
    const { integrated_gradients: ig, saliency, occlusion, pixels } = example;
    expect([saliency, ig.values, occlusion.values, pixels].map((map) => map.length)).toEqual([
      784, 784, 784, 784,
    ]);
    expect(ig.values.reduce((a: number, b: number) => a + b, 0)).toBeCloseTo(ig.sum, 6);
    expect(Math.abs(ig.sum - ig.difference)).toBeLessThan(0.011 * Math.abs(ig.difference));
    // Black pixels have nothing to attribute to them.
    pixels.forEach((value: number, i: number) => {
      if (value === 0) expect(Math.abs(ig.values[i])).toBe(0);
    });
    expect(saliency.some((value: number) => value > 0)).toBe(true);
    expect(existsSync(join(folder, `explain/example-${id}.png`))).toBe(true);
    const other = await explain(id!, '--class', '3', '--json');
    expect(JSON.parse(other.stdout).example).toMatchObject({ class: '3', prediction });
  });

  it('says what it can’t do', async () => {
    const { folder, explain } = await trained('penguins', 'training.epochs=1');
    const refused = async (...args: string[]) => {
      const { code, stderr, stdout } = await explain(...args);
      expect(stdout).toBe('');
      return `${code} ${stderr}`;
    };
    expect(await refused('99999')).toMatch(/^2 error\[unknown-example\]: no example has the id 99999/);
    expect(await refused('first')).toMatch(/^2 error\[usage\]: an example is named by its id/);
    expect(await refused('--split', 'validation')).toMatch(
      /^2 error\[usage\]: the run has no validation examples/,
    );
    expect(await refused('--split', 'all')).toMatch(/^2 error\[usage\]: --split takes/);
    expect(await refused('1', '--class', 'Emperor')).toMatch(/there is no class "Emperor"/);
    rmSync(join(folder, 'config.resolved.yaml'));
    expect(await refused()).toMatch(
      /^3 error\[run-damaged\]: .* can't be explained: its config.resolved.yaml is/,
    );
  });
});
