import { Misfit } from '../../base/misfit.ts';
import type { Shape } from '../../base/shape.ts';
import type { TargetShape } from '../../protocol/target.ts';
import type { LossEntry } from '../losses/loss.ts';
import { counted } from './count.ts';
import type { TaskEntry } from './task.ts';

/**
 * Checks the network's last shape (of one example) against what the task needs with this loss.
 * @throws Misfit "9 output units for 10 classes"
 */
export function fitOutput<T extends TargetShape>(
  task: TaskEntry<T>,
  // biome-ignore lint/suspicious/noExplicitAny: the loss's fields don't matter here
  loss: LossEntry<any>,
  output: Shape,
  target: T,
): void {
  const units = task.units(loss, target);
  const last = output.at(-1);
  if (output.length !== 1)
    throw new Misfit(
      'shape',
      `${loss.name} needs ${counted(units, 'output unit')} but gets (${output.join(', ')})`,
      { help: `end with \`flatten\` and \`dense: { units: ${units} }\`` },
    );
  if (last === units) return;
  const found = `${counted(last!, 'output unit')} for ${task.target.count(target)}`;
  // Two classes and two units, or one: only the loss is another one.
  const why = task.target.outputs(target).length === units ? '' : `; ${loss.name} needs ${units}`;
  throw new Misfit('output-units', `${found}${why}`, { field: 'units', help: `write \`units: ${units}\`` });
}
