import type { Config } from './config.ts';

const USUAL = {
  classification: 'accuracy',
  multilabel_classification: 'subset_accuracy',
  regression: 'mean_absolute_error',
} as const;

/** The metric that models are compared by: the first of `evaluation.metrics`. */
export const headline = ({ task, evaluation }: Config): string => evaluation.metrics[0] ?? USUAL[task];
