import { describe, expect, it } from 'vitest';
import { config, mlx, readJson, runFolder, scratch } from './mlx.ts';

const run = async (...set: string[]) => {
  const experiments = scratch();
  const args = ['run', config('penguins.yaml'), '--experiments', experiments, '--set', 'expect=[]'];
  const ended = await mlx([...args, ...set.flatMap((one) => ['--set', one])]);
  return { ended, experiments };
};

describe('baselines', () => {
  it('are tried by default, on the prepared rows, with an answer in words', async () => {
    const { ended, experiments } = await run();
    expect(ended.code).toBe(0);
    const { baselines, metrics } = readJson(runFolder(experiments, 'penguins'), 'result.json');
    expect(baselines).toMatchObject({ metric: 'accuracy', split: 'test', test: 'McNemar', skipped: [] });
    const names = baselines.models.map((m: { name: string }) => m.name);
    expect(names).toEqual([
      'majority',
      'stratified',
      'perceptron',
      'logistic_regression',
      'knn',
      'gaussian_naive_bayes',
      'decision_tree',
      'gradient_boosting',
    ]);
    for (const { value, difference } of baselines.models)
      expect(metrics.test.accuracy.value - value).toBeCloseTo(difference, 12);
    const logistic = baselines.models[3];
    expect(logistic.value).toBeGreaterThan(0.9);
    expect(ended.stdout).toContain(`simpler model     ${baselines.text}`);
    expect(ended.stdout).toMatch(/by accuracy {7}majority 0\.4466 /);
  });

  it('can be named, or left out', async () => {
    const { experiments } = await run('evaluation={ metrics: [f1], baselines: [knn] }', 'training.epochs=2');
    const { baselines } = readJson(runFolder(experiments, 'penguins'), 'result.json');
    expect(baselines).toMatchObject({ metric: 'f1', test: 'paired bootstrap', best: 'knn' });
    expect(baselines.models).toHaveLength(1);
    const without = await run('evaluation={ baselines: none }', 'training.epochs=1');
    expect(readJson(runFolder(without.experiments, 'penguins'), 'result.json').baselines).toBeUndefined();
  });

  it('of another task or misspelt are errors', async () => {
    const { ended } = await run('evaluation={ baselines: [ridge, kn] }');
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('ridge is a baseline for regression, the task is classification');
    expect(ended.stderr).toContain('there is no baseline `kn`');
    expect(ended.stderr).toContain('rename it to `knn`');
  });
});

describe('looks at the test examples', () => {
  it('are counted over runs whatever is trained, and told once they are several', async () => {
    const experiments = scratch();
    const args = ['run', config('penguins.yaml'), '--experiments', experiments, '--set', 'expect=[]'];
    const fast = ['--set', 'training.epochs=1', '--set', 'evaluation.baselines=none'];
    const one = await mlx([...args, ...fast]);
    expect(one.stdout).not.toContain('test looks');
    await mlx([...args, ...fast, '--set', 'name=other']);
    const ended = await mlx([
      ...args,
      ...fast,
      '--set',
      'architecture.0.dense.units=4',
      '--set',
      'name=third',
    ]);
    expect(ended.stdout).toMatch(
      /test looks +3 runs were scored on these test examples: choose .* by validation/,
    );
    const looks = (name: string) => readJson(runFolder(experiments, name), 'result.json').test_looks;
    expect([looks('penguins').runs, looks('other').runs, looks('third').runs]).toEqual([1, 2, 3]);
    expect(looks('third').fingerprint).toBe(looks('penguins').fingerprint);
    await mlx([...args, ...fast, '--set', 'name=split', '--set', 'seed=7']);
    expect(looks('split').runs).toBe(1);
  });
});
