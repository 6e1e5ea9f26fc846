import { Misfit } from '../../base/misfit.ts';
import type { Shape } from '../../base/shape.ts';
import type { TargetShape } from '../../protocol/target.ts';
import type { LossEntry } from './loss.ts';

/**
 * Checks the network's last shape (of one example) against what the loss needs for the target.
 * @throws Misfit "9 output units for 10 classes"
 */
// biome-ignore lint/suspicious/noExplicitAny: the loss's fields don't matter here
export function fitOutput(loss: LossEntry<any>, output: Shape, target: TargetShape): void {
  const units = loss.units(target);
  const last = output.at(-1);
  if (output.length !== 1)
    throw new Misfit(
      'shape',
      `${loss.name} needs ${plural(units, 'output unit')} but gets (${output.join(', ')})`,
      {
        help: `end with \`flatten\` and \`dense: { units: ${units} }\``,
      },
    );
  if (last === units) return;
  const found = `${plural(last!, 'output unit')} for ${targetText(target)}`;
  // Two classes and two units, or one: only the loss is another one.
  const why =
    target.kind === 'class' && target.classes.length !== units ? `; ${loss.name} needs ${units}` : '';
  throw new Misfit('output-units', `${found}${why}`, { field: 'units', help: `write \`units: ${units}\`` });
}

const plural = (count: number, noun: string, plural = `${noun}s`) =>
  `${count} ${count === 1 ? noun : plural}`;
const targetText = (target: TargetShape) => {
  if (target.kind === 'class') return plural(target.classes.length, 'class', 'classes');
  return target.kind === 'labels'
    ? plural(target.labels.length, 'label')
    : plural(target.columns.length, 'target');
};
