import { taskOf } from '../../catalog/tasks/index.ts';
import type { SplitConfig } from '../config.ts';
import type { Check } from './check.ts';

const fraction = (share: number | null): number => (share !== null && share <= 1 ? share : 0);
const count = (share: number | null): number => (share !== null && share > 1 ? share : 0);

/** Parts that no data could fill, and strata where there are no classes. */
export const checkSplit: Check = ({ data: { split }, task, shape }, report) => {
  if (!split) return;
  const at = (key: keyof SplitConfig) => ['data', 'split', key];
  if (split.type === 'fixed') {
    for (const key of ['train', 'test'] as const)
      if (split[key] !== null)
        report(
          'split-fixed',
          `\`${key}\` has no meaning in a fixed split: the source has its own parts`,
          at(key),
          {
            help: `remove \`${key}\``,
          },
        );
  } else if (split.type === 'k_fold') checkFolds(split, shape?.count, report);
  else fits(split, shape?.count, report);
  if (split.type !== 'k_fold')
    for (const key of ['folds', 'fold', 'shuffle'] as const)
      if ((split[key] ?? null) !== null)
        report('split-folds', `\`${key}\` has no meaning in a ${split.type} split`, at(key), {
          help: `remove it, or write \`type: k_fold\``,
        });
  if (split.validation === 1)
    report('split-empty', 'a validation part of 1 leaves nothing to train on', at('validation'), {
      help: 'give a fraction below 1, or a number of examples',
    });
  if (split.column !== null && split.type === 'random')
    report('split-column', 'a random split goes by no column', at('column'), {
      help: `say how: \`type: group\`, \`type: time\` or \`type: hash\``,
    });
  if (split.column === null && (split.type === 'group' || split.type === 'time'))
    report('split-column', `a ${split.type} split needs \`column\``, ['data', 'split'], {
      help: 'add `column`: the one that it goes by',
    });
  if (split.stratify && !['random', 'fixed', 'k_fold'].includes(split.type))
    report('split-strata', `a ${split.type} split can't keep class shares`, at('stratify'), {
      help: 'remove `stratify`',
    });
  if (split.stratify && task && !taskOf(task).offers.includes('classes'))
    report('split-strata', `\`stratify\` needs classes, the task is ${task}`, at('stratify'), {
      help: 'remove `stratify`',
    });
};

function checkFolds(split: SplitConfig, total: number | undefined, report: Parameters<Check>[1]) {
  const at = (key: keyof SplitConfig) => ['data', 'split', key];
  const folds = split.folds ?? 5;
  if (split.train !== null)
    report('split-folds', '`train` has no meaning in k folds: all but one train', at('train'), {
      help: 'remove `train`',
    });
  if (typeof split.fold === 'number' && split.fold > folds)
    report('split-folds', `there is no fold ${split.fold} of ${folds}`, at('fold'), {
      help: `give a fold from 1 to ${folds}, or \`final\``,
    });
  if (split.test === 1)
    report('split-empty', 'a test part of 1 leaves nothing for the folds', at('test'), {
      help: 'give a fraction below 1, or a number of examples',
    });
  const apart =
    split.test === null ? 0 : split.test <= 1 ? Math.round(split.test * (total ?? 0)) : split.test;
  if (total !== undefined && total - apart < folds)
    report(
      'split-folds',
      `${folds} folds need ${folds} examples or more, there are ${Math.max(0, total - apart)}`,
      at('folds'),
      {
        help: 'lower `folds`',
      },
    );
}

function fits(
  { train, test, validation }: SplitConfig,
  total: number | undefined,
  report: Parameters<Check>[1],
) {
  const shares = fraction(train) + fraction(test);
  const path = ['data', 'split', test === null || train === 1 ? 'train' : 'test'];
  const sizes = `train ${train ?? 'the rest'}, test ${test ?? 'the rest'}`;
  if (train === 0)
    report('split-empty', 'nothing is left to train on', ['data', 'split', 'train'], {
      help: 'give `train` a share',
    });
  // Shares such as 0.7 + 0.3 are sums of rounded numbers.
  else if (shares > 1 + 1e-9)
    report(
      'split-too-large',
      `the fractions of the split add up to ${Number(shares.toFixed(6))}, more than 1`,
      path,
      {
        help: `lower one of them: ${sizes}`,
      },
    );
  else if (total !== undefined && examplesAsked(train, test, total) > total)
    report(
      'split-too-large',
      `the split asks for ${examplesAsked(train, test, total)} examples, the source has ${total}`,
      path,
      {
        help: `lower one of them: ${sizes}`,
      },
    );
  else {
    const learning = trainingRows(train, test, total);
    const held = validation <= 1 ? Math.round(validation * learning) : validation;
    // Where nobody knows how many there are, a share below 1 always leaves some.
    if (validation !== 1 && Number.isFinite(learning) && learning <= held)
      report(
        'split-empty',
        `${held} validation examples are carved out of ${learning}`,
        ['data', 'split', 'validation'],
        {
          help: 'leave some to train on',
        },
      );
  }
}

/** Examples of both parts where one is given by a number; two fractions are held against 1. */
function examplesAsked(train: number | null, test: number | null, total: number): number {
  if (count(train) + count(test) === 0) return 0;
  return [train, test].reduce<number>(
    (sum, part) => sum + count(part) + Math.round(fraction(part) * total),
    0,
  );
}

/** Examples of the training part, validation included; infinitely many where nobody knows. */
function trainingRows(train: number | null, test: number | null, total = Number.POSITIVE_INFINITY): number {
  if (train !== null) return train <= 1 ? Math.round(train * total) : train;
  return total - (test !== null && test <= 1 ? Math.round(test * total) : (test ?? 0));
}
