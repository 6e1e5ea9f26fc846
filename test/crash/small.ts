import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Subject } from './subject.ts';

/** All that a run folder can hold, in a run of a second: best weights that are restored, features, a test part. */
const CONFIG = `name: small
task: regression
data:
  source: { type: generated, coefficients: [2, -1], noise: 0.1, count: 60 }
  split: { train: 0.6, validation: 0.2, test: 0.2 }
  features: [normalize: standard]
architecture:
  - dense: { units: 1 }
optimizer: { type: sgd, learning_rate: 0.05 }
training:
  batch_size: 10
  epochs: 4
  checkpoint_every: 2 # each one is written before the next is due, so that every run makes the same system calls
  early_stopping: { patience: 9, restore_best_weights: true }
evaluation: { baselines: [mean] }
`;

export function smallSubject(root: string, folder: string): Omit<Subject, 'reference'> {
  writeFileSync(join(folder, 'small.yaml'), CONFIG);
  return { root, folder, name: 'small', args: ['run', 'small.yaml', '--no-cache'] };
}
