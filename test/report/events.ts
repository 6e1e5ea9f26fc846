import type { EpochEvent, RunEvent, RunStarted, StepEvent } from '../../src/protocol/events.ts';
import type { Result } from '../../src/protocol/result.ts';

// Synthetic events that the tests of this folder share.

export const engine = { type: 'onnx', provider: 'cpu', threads: 2, version: '1.30.0', options: {} };

export const started = (more: Partial<RunStarted> = {}): RunStarted => ({
  type: 'run_started',
  name: 'mnist-cnn',
  run: 'experiments/mnist-cnn/7f3a',
  seed: 42,
  task: 'classification',
  engine,
  parameters: 1_199_882,
  epochs: 12,
  steps_per_epoch: 10,
  batch_size: 128,
  examples: { train: 7000, validation: 1000, test: 3000 },
  first_step: 0,
  metrics: ['loss', 'accuracy'],
  monitor: 'val_loss',
  time: '2026-01-01T00:00:00Z',
  ...more,
});

export const step = (n: number, metrics: Record<string, number>): StepEvent => ({
  type: 'step',
  epoch: Math.floor((n - 1) / 10) + 1,
  step: n,
  step_in_epoch: ((n - 1) % 10) + 1,
  metrics,
  scalars: { 'optimizer.learning_rate': 0.00065 },
  samples_per_second: 5912.4,
});

export const epoch = (n: number, metrics: Record<string, number>, best = false): EpochEvent => ({
  type: 'epoch',
  epoch: n,
  step: n * 10,
  metrics,
  scalars: { 'optimizer.learning_rate': 0.00065 },
  seconds: 10.12,
  samples_per_second: 5912.4,
  best,
});

/** Seven of twelve epochs: six finished, the sixth the best so far. */
export function sevenEpochs(more: Partial<RunStarted> = {}): RunEvent[] {
  const out: RunEvent[] = [
    { type: 'stage', stage: 'read', state: 'done' },
    { type: 'stage', stage: 'split', state: 'done' },
    { type: 'stage', stage: 'plan', state: 'done' },
    started(more),
    { type: 'stage', stage: 'train', state: 'started' },
  ];
  for (let n = 1; n <= 65; n++) {
    out.push(step(n, { loss: 2.3 * 0.95 ** n, accuracy: 1 - 0.9 * 0.93 ** n }));
    if (n % 10 === 0) {
      const metrics = {
        loss: 2.3 * 0.95 ** n,
        accuracy: 0.95,
        val_loss: 1 / n,
        val_accuracy: 0.9 + n / 1000,
      };
      out.push(epoch(n / 10, metrics, true));
    }
  }
  return out;
}

export const result = (more: Partial<Result> = {}): Result => ({
  format: 1,
  status: 'completed',
  metrics: { test: { accuracy: { value: 0.9872, interval: [0.9848, 0.9892] }, loss: { value: 0.0412 } } },
  parameters: 1_199_882,
  epochs: 12,
  seconds: 123.4,
  samples_per_second: 5940.2,
  engine,
  ...more,
});

export const completed = (more: Partial<Result> = {}): RunEvent => ({
  type: 'run_completed',
  run: 'experiments/mnist-cnn/7f3a',
  result: result(more),
});
