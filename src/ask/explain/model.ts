import { type Examples, INPUT } from '../../base/examples.ts';
import { calibrations } from '../../catalog/calibrations/index.ts';
import { labelsText } from '../../catalog/metrics/labels-text.ts';
import { classesOf } from '../../catalog/tasks/index.ts';
import type { Config } from '../../config/config.ts';
import { networkOf } from '../../config/index.ts';
import type { Part, Prepared, SourceRows } from '../../data/index.ts';
import type { Session } from '../../engines/index.ts';
import type { Plan } from '../../plan/index.ts';
import type { Decision } from '../../protocol/decision.ts';
import type { Predictions } from '../../protocol/predictions.ts';
import type { Result } from '../../protocol/result.ts';
import type { TargetShape } from '../../protocol/target.ts';
import { evaluate } from '../../train/evaluate.ts';
import { predicted } from '../../train/predicted.ts';

/** A finished run, ready to be asked. */
export interface Model {
  readonly config: Config;
  readonly plan: Plan;
  readonly data: Prepared;
  readonly source: SourceRows;
  readonly session: Session;
  readonly decision: Decision;
}

/** Some examples of a part, for which other values may be put in. */
export interface Sample {
  readonly part: Part;
  /** Positions in the part. */
  readonly at: Uint32Array;
  /** `[count, ...shape]` as the source has them. */
  readonly values: Float64Array;
}

/** The part's examples at some positions. */
export function sampleOf({ source }: Pick<Model, 'source'>, part: Part, at: Uint32Array): Sample {
  return { part, at, values: source.read(at.map((i) => part.rows[i]!)) };
}

/** What the model predicts for the sample, with its own values or with others in their place. */
export async function predictionsFor(
  { config, plan, data, source, session, decision }: Model,
  { part, at, values }: Sample,
  given: Float64Array = values,
): Promise<Predictions> {
  const x = source.prepare(given, at.length);
  const width = x.length / at.length;
  const examples: Examples = {
    count: at.length,
    fields: part.fields,
    fill(field, out, order, from, count) {
      if (field !== INPUT) {
        const positions = order.map((i) => at[i]!);
        part.fill(field, out, positions, from, count);
        return;
      }
      for (let i = 0; i < count; i++) {
        const row = order[from + i]!;
        out.set(x.subarray(row * width, (row + 1) * width), i * width);
      }
    },
  };
  const outputs = await evaluate(session, plan.programs.evaluate!, examples, () => false);
  return predicted(networkOf(config), data.target, examples, outputs, decision);
}

/** All of a part as it was prepared. */
export async function predictionsOfPart(
  { config, plan, data, session, decision }: Model,
  part: Part,
): Promise<Predictions> {
  const outputs = await evaluate(session, plan.programs.evaluate!, part, () => false);
  return predicted(networkOf(config), data.target, part, outputs, decision);
}

/** What validation made of the scores, as `result.json` keeps it. */
export function decisionOf({ calibration, threshold, thresholds }: Result, target: TargetShape): Decision {
  const classes = classesOf(target) ?? [];
  return {
    ...(calibration && {
      calibration: {
        type: calibration.type,
        learned: calibrations.get(calibration.type)!.learns.map((name) => calibration.learned[name]!),
        ...(calibration.open !== undefined && { open: calibration.open }),
      },
    }),
    ...(threshold && {
      threshold: { positive: classes.indexOf(threshold.pos_label), value: threshold.value },
    }),
    ...(thresholds && { threshold: { values: thresholds.map(({ value }) => value) } }),
  };
}

/** Truth and prediction of one row, in words. */
export function named(p: Predictions, i: number): [string, string] {
  if (p.form === 'labels') return [labelsText(p, p.truth, i), labelsText(p, p.predicted, i)];
  if (p.form === 'classes') return [p.classes[p.truth[i]!]!, p.classes[p.predicted[i]!]!];
  const numbers = (values: ArrayLike<number>) =>
    Array.from({ length: p.units }, (_, k) => Number(values[i * p.units + k]!.toPrecision(7))).join(', ');
  return [numbers(p.truth), numbers(p.scores)];
}
