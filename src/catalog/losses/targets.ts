import { Misfit } from '../../base/misfit.ts';
import type { TargetShape } from '../../protocol/target.ts';

/** One unit per class. @throws Misfit when the target isn't a class */
export function unitPerClass(loss: string, target: TargetShape): number {
  return classesOf(loss, target).length;
}

/** One unit that tells two classes apart. @throws Misfit for more classes */
export function unitForTwo(loss: string, target: TargetShape): number {
  const classes = classesOf(loss, target);
  if (classes.length > 2)
    throw new Misfit('loss-target', `${loss} tells two classes apart; the target has ${classes.length}`, {
      help: 'write `sparse_categorical_crossentropy`, with one output unit per class',
    });
  return 1;
}

/** One unit per number. @throws Misfit when the target is a class */
export function unitPerNumber(loss: string, target: TargetShape): number {
  if (target.kind === 'number') return target.columns.length;
  if (target.kind === 'labels') throw forLabels(loss, 'numbers');
  throw new Misfit(
    'loss-target',
    `${loss} is for numbers; the target is one of ${target.classes.length} classes`,
    {
      help: `write \`${target.classes.length > 2 ? 'sparse_categorical' : 'binary'}_crossentropy\``,
    },
  );
}

function classesOf(loss: string, target: TargetShape): readonly string[] {
  if (target.kind === 'class') return target.classes;
  if (target.kind === 'labels') throw forLabels(loss, 'classes');
  throw new Misfit('loss-target', `${loss} is for classes; the target is a number`, {
    help: 'write `mean_squared_error`',
  });
}

const forLabels = (loss: string, what: string) =>
  new Misfit('loss-target', `${loss} is for ${what}; the targets are labels`, {
    help: 'write `binary_crossentropy`',
  });
