import { taskOf } from '../catalog/tasks/index.ts';
import type { Config } from './config.ts';

/** The metric that models are compared by: the first of `evaluation.metrics`. */
export const headline = ({ task, evaluation }: Config): string =>
  evaluation.metrics[0] ?? taskOf(task).defaults.headline;
