import type { SplitConfig } from '../../src/config/config.ts';

/** A split as a config holds it, without any part, and what the test changes. */
export const splitConfig = (more: Partial<SplitConfig> = {}): SplitConfig => ({
  type: 'random',
  column: null,
  train: null,
  validation: 0,
  test: null,
  stratify: false,
  folds: null,
  fold: null,
  shuffle: null,
  subsample: 1,
  score_test: true,
  ...more,
});
