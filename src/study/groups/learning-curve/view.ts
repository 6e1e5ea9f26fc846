import { plural } from '../../../base/words.ts';
import type { LearningCurve } from '../../../evaluate/index.ts';
import type { GroupSection, GroupView, Phrase } from '../view.ts';
import type { CurveResult } from './codec.ts';

/** Scores by size, a plot of them, and what they say. */
export function viewOf({ curve }: CurveResult): GroupView {
  return {
    what: 'learning curve of',
    facts: curve ? [`${plural(curve.points.length, 'size')} × ${plural(curve.seeds, 'seed')}`] : [],
    note: 'the test part is not looked at',
    sections: curve
      ? [tableOf(curve), ...(curve.points.length > 1 ? [plotOf(curve)] : []), notesOf(curve)]
      : [],
  };
}

const tableOf = ({ metric, points }: LearningCurve): GroupSection => ({
  kind: 'table',
  head: ['rows', `train ${metric}`, `validation ${metric}`],
  rows: points.map(({ rows, train, validation }) => [[{ count: rows }], [train], [validation]]),
});

const plotOf = ({ metric, points }: LearningCurve): GroupSection => ({
  kind: 'plot',
  title: `${metric} by training rows`,
  line: { name: 'train', points: points.map(({ rows, train }) => ({ x: rows, y: train.value })) },
  marks: { name: 'validation', points: points.map((p) => ({ x: p.rows, y: p.validation.value })) },
});

const VERDICTS: Readonly<Record<LearningCurve['verdict'], string>> = {
  more_data: 'more rows would help',
  larger_model:
    'high bias: a larger model, better features or longer training may help, unless the rest is noise; more rows are not shown to',
  more_data_and_larger_model:
    'high bias, and more rows would help; a larger model, better features or longer training may too',
  less_variance:
    'high variance, but no evidence that more rows would help: try regularization, or a smaller model',
  no_evidence: 'no evidence that more rows or a larger model would help',
};

/** What the curve says, each with its numbers. */
function notesOf({ metric, gap, shortfall, gains, evidence, verdict }: LearningCurve): GroupSection {
  const rows: { label: string; text: Phrase }[] = [];
  const put = (label: string, ...text: Phrase) => rows.push({ label, text });
  put(
    'variance',
    `training ${metric} is `,
    gap,
    ` better than validation's: ${evidence.high_variance ? 'high variance' : 'no gap shown'}`,
  );
  if (shortfall)
    put(
      'bias',
      `training ${metric} is `,
      shortfall,
      ` short of the best there is: ${evidence.high_bias ? 'most of the error, high bias' : 'not most of the error'}`,
    );
  for (const [i, { times, rows: count, score, gain }] of gains.entries())
    put(
      i === 0 ? 'more rows' : '',
      ...[{ count }, ` rows (${times}×): ${metric} `, score, ', ', { ...gain, signed: true as const }],
      i === 0 && !evidence.more_data ? ': no gain shown' : '',
    );
  if (gains.length === 0) put('more rows', 'too few sizes to tell: give four or more');
  if (evidence.undertrained)
    put(
      'steps',
      'few rows are trained on worse than all: they got fewer steps, so that the gain may be one of steps; try --equal-steps',
    );
  put('verdict', VERDICTS[verdict]);
  return { kind: 'notes', rows };
}
