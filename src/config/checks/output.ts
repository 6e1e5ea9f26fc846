import { Misfit } from '../../base/misfit.ts';
import { layers as catalogue } from '../../catalog/layers/index.ts';
import type { LossEntry } from '../../catalog/losses/index.ts';
import { type AnyTask, fitOutput } from '../../catalog/tasks/index.ts';
import type { TargetShape } from '../../protocol/target.ts';
import type { Layer } from '../sections/architecture.ts';
import type { PlacedMisfit } from './placed-misfit.ts';

/**
 * What is wrong with the network's output for this loss and target; undefined where it fits.
 * @param output shape of one example after the last layer
 */
export function outputProblem(
  task: AnyTask,
  architecture: readonly (Layer | undefined)[],
  // biome-ignore lint/suspicious/noExplicitAny: the loss's fields don't matter here
  loss: LossEntry<any>,
  output: readonly number[],
  target: TargetShape,
): PlacedMisfit | undefined {
  const ofLoss = misfitOf(() => task.units(loss, target));
  if (ofLoss) return { misfit: ofLoss, path: ['loss', 'type'] };
  const misfit = misfitOf(() => fitOutput(task, loss, output, target));
  if (!misfit) return undefined;
  const holder = architecture.findLastIndex((layer) => layer && outputOf(layer)?.field === misfit.field);
  const path =
    misfit.field === undefined || holder < 0
      ? ['architecture', architecture.length - 1]
      : ['architecture', holder, misfit.field];
  return { misfit, path };
}

/** What the layer's own fields say about its output. */
export const outputOf = ({ type }: Layer) => catalogue.get(type)?.output;

function misfitOf(work: () => unknown): Misfit | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof Misfit) return error;
    throw error;
  }
}
