import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../src/protocol/diagnosis.ts';
import { config, type Ended, mlx, readJson, runFolder, scratch } from './mlx.ts';

/** Runs a config with changes. @returns the verdicts on its training, by name */
async function verdicts(file: string, name: string, set: string[] = []) {
  const experiments = scratch();
  const more = ['evaluation.baselines=none', 'expect=[]', ...set].flatMap((one) => ['--set', one]);
  const ended: Ended = await mlx(['run', file, '--experiments', experiments, ...more]);
  const result = readJson(runFolder(experiments, name), 'result.json');
  const found: Diagnosis[] = result.diagnoses;
  return { ended, found, names: found.map((d) => d.name) };
}

/** A few of the digits, so that a run takes a second. */
const DIGITS = 'data.split={ train: 600, test: 600 }';

function written(architecture: string, training: string): string {
  const file = join(scratch(), 'planted.yaml');
  writeFileSync(
    file,
    `name: planted
data:
  source: { type: mnist }
  split: { train: 300, test: 100 }
  features: [ normalize: pixel ]
architecture:
  - flatten
${architecture}
  - dense: { units: 10 }
${training}
`,
  );
  return file;
}

describe('what went wrong in training is said by name', () => {
  it('overfitting, with onset, size and confidence', async () => {
    const file = written(
      '  - dense: { units: 128, activation: relu }',
      'training: { batch_size: 32, epochs: 40 }\noptimizer: { type: adam, learning_rate: 0.003 }',
    );
    const { ended, found } = await verdicts(file, 'planted', ['data.split.validation=0.3']);
    const [overfit, ...others] = found;
    expect(others).toEqual([]);
    expect(overfit).toMatchObject({ name: 'overfitting', confidence: 'high' });
    expect(overfit!.epoch).toBeGreaterThan(3);
    expect(overfit!.epoch).toBeLessThan(40);
    expect(overfit!.size).toBeGreaterThan(0.05);
    expect(ended.stdout).toMatch(
      /training +overfitting: (mild|strong): val_loss rises by \d+% after epoch \d+/,
    );
    const kept = await verdicts(file, 'planted', [
      'data.split.validation=0.3',
      'training.early_stopping={ patience: 20 }',
    ]);
    expect(kept.found[0]!.evidence).toMatch(/the weights of epoch \d+ were kept/);
  });

  it('dead units', async () => {
    const bias = '{ type: constant, value: -20 }';
    const file = written(
      `  - dense: { units: 32, activation: relu, bias_initializer: ${bias} }`,
      'training: { batch_size: 32, epochs: 4 }',
    );
    const { found } = await verdicts(file, 'planted');
    expect(found[0]).toMatchObject({ name: 'dead_units', size: 1, confidence: 'high' });
    expect(found[0]!.evidence).toContain('32 of the 32 units of dense_1 (100%)');
  });

  it('a learning rate 100 times too high, also where the loss ends as no number', async () => {
    const high = await verdicts(config('mnist-mlp.yaml'), 'mnist-mlp', [
      DIGITS,
      'training.epochs=4',
      'optimizer.learning_rate=0.1',
    ]);
    expect(high.names).toContain('learning_rate_too_high');
    expect(high.names).not.toContain('underfitting');
    const nan = await verdicts(config('line-regression.yaml'), 'line-regression', [
      'optimizer.learning_rate=10',
    ]);
    expect(nan.ended.code).toBe(4);
    expect(nan.names).toEqual(['divergence', 'learning_rate_too_high']);
  });

  it('a learning rate far too low', async () => {
    const { names } = await verdicts(config('mnist-logistic.yaml'), 'mnist-logistic', [
      DIGITS,
      'training.epochs=5',
      'optimizer={ type: sgd, learning_rate: 0.0001 }',
    ]);
    expect(names).toEqual(['learning_rate_too_low']);
  });

  it('saturated activations and vanishing gradients', async () => {
    const layer = (scale: number, f: string) =>
      `  - dense: { units: 24, activation: ${f}, kernel_initializer: { type: random_normal, stddev: ${scale} } }\n`;
    const saturated = await verdicts(written(layer(5, 'tanh'), 'training: { epochs: 2 }'), 'planted');
    expect(saturated.names).toContain('saturated_activations');
    const deep = await verdicts(
      written(layer(0.1, 'sigmoid').repeat(7), 'training: { epochs: 2 }'),
      'planted',
    );
    expect(deep.names).toContain('vanishing_gradients');
  });
});

describe('healthy configs get no verdict', () => {
  // Those that take seconds; the others are looked at by hand before a release.
  it.each(['penguins', 'line-regression', 'perceptron', 'mnist-logistic', 'mnist-pca-mlp', 'mnist-mlp'])(
    '%s',
    async (name) => {
      const { found } = await verdicts(config(`${name}.yaml`), name);
      expect(found).toEqual([]);
    },
  );
});
