import { shortest } from '../base/shortest.ts';
import { diagnose, type Evidence } from '../catalog/diagnoses/index.ts';
import { taskOf } from '../catalog/tasks/index.ts';
import type { Config } from '../config/config.ts';
import { networkOf } from '../config/index.ts';
import type { Part, Prepared } from '../data/index.ts';
import { MlxError } from '../errors.ts';
import { checkExpectations, evaluateSplit, perClass } from '../evaluate/index.ts';
import { isWeight, type Plan } from '../plan/index.ts';
import type { Decision } from '../protocol/decision.ts';
import type { EngineInfo } from '../protocol/engine-info.ts';
import type { TestEvent } from '../protocol/events.ts';
import { LEARNING_RATE } from '../protocol/learning-rate.ts';
import type { MetricValue } from '../protocol/metric-values.ts';
import type { Result } from '../protocol/result.ts';
import type { PredictionColumns, PredictionRow } from '../record/index.ts';
import type { Outputs } from '../train/evaluate.ts';
import { predicted } from '../train/predicted.ts';
import type { Progress } from '../train/progress.ts';
import type { Late, TrainingEnd } from '../train/trainer.ts';
import { decisionReports } from './decision-report.ts';
import type { Scored } from './scored.ts';

/** Models this small show their weights in the result: people who learn want to see them. */
const SHOWN_WEIGHTS = 32;

/** One split's outputs against its truth. */
export function score(
  config: Config,
  data: Prepared,
  part: Part,
  outputs: Outputs,
  decision: Decision = {},
): Scored {
  const scored = (how: Decision) => {
    const predictions = predicted(networkOf(config), data.target, part, outputs, how);
    return { predictions, metrics: evaluateSplit(predictions, config.evaluation.metrics, outputs.losses) };
  };
  const made = decision.calibration || decision.threshold;
  return { ...scored(decision), ...(made && { plain: scored({}) }) };
}

export function testEvent({ predictions, metrics }: Scored): TestEvent {
  return {
    type: 'test',
    examples: predictions.count,
    metrics,
    ...(predictions.form === 'classes' && {
      confusion: { classes: predictions.classes, counts: predictions.confusion },
    }),
    ...(predictions.form !== 'numbers' && { per_class: perClass(predictions) }),
  };
}

export interface Ending {
  readonly config: Config;
  readonly plan: Plan;
  readonly engine: EngineInfo;
  readonly monitor: string;
  readonly end: TrainingEnd;
  readonly data: Prepared;
  /** Of a training that came to its end. */
  readonly late?: Late;
  readonly seconds: number;
  readonly validation?: Scored;
  readonly test?: Scored;
  /** Of the final weights, where the config asks for it. */
  readonly train?: Scored;
}

/** `result.json` of a run that came to its end or was interrupted. */
export function assemble({
  config,
  plan,
  engine,
  monitor,
  end,
  data,
  late,
  seconds,
  validation,
  test,
  train,
}: Ending): Result {
  const { progress } = end;
  const restored = config.training.early_stopping?.restore_best_weights === true && progress.best;
  const epoch = restored ? progress.best!.epoch : progress.epoch;
  const metrics: Record<string, Record<string, MetricValue>> = {
    train: train?.metrics ?? trainMetrics(progress.history, epoch),
  };
  if (validation) metrics['validation'] = validation.metrics;
  if (test) metrics['test'] = test.metrics;
  const { audit, balance } = data;
  const shown = test ? testEvent(test) : undefined;
  const costs = {
    parameters: plan.parameters,
    epochs: progress.epoch,
    seconds,
    samples_per_second: end.samplesPerSecond,
    peak_rss_bytes: peakMemory(),
  };
  const monitored = config.training.early_stopping !== null || validation !== undefined;
  return {
    format: 1,
    status: end.status,
    task: config.task,
    metrics,
    ...costs,
    engine,
    ...(progress.best && monitored ? { best: { ...progress.best, monitor } } : {}),
    ...(progress.stopped ? { stopped: why(progress.stopped, config, monitor) } : {}),
    ...(end.status === 'completed' && config.expect.length > 0
      ? { expectations: checkExpectations(config.expect, { ...values(metrics), ...costs }) }
      : {}),
    ...(late ? verdicts(plan, end, late, restored ? epoch : undefined, config, test) : {}),
    ...(late?.baselines ? { baselines: late.baselines } : {}),
    ...decisionReports(config, data, end.decision ?? {}, { validation, test }),
    ...(shown?.confusion ? { confusion: shown.confusion } : {}),
    ...(shown?.per_class ? { per_class: shown.per_class } : {}),
    ...(balance ? { balance } : {}),
    audit,
    ...(plan.parameters <= SHOWN_WEIGHTS ? { weights: weights(plan, end) } : {}),
  };
}

/** Of this process; Node reports it in KiB on every platform. */
const peakMemory = (): number => process.resourceUsage().maxRSS * 1024;

/** What went wrong in training, if something did: for `result.json` and the summary. */
function verdicts(
  plan: Plan,
  { progress }: TrainingEnd,
  { signs, majority, guessLoss }: Late,
  restored: number | undefined,
  config: Config,
  test: Scored | undefined,
): Pick<Result, 'diagnoses'> {
  return {
    diagnoses: diagnose({
      gap: taskOf(config.task).defaults.gap,
      history: progress.history,
      firstLoss: progress.first_loss ?? null,
      peakLoss: progress.peak_loss ?? null,
      learningRate: rateOf(plan),
      ...(restored !== undefined && { restored }),
      ...(majority !== undefined && { majority }),
      ...(guessLoss !== undefined && { guessLoss }),
      test: test?.metrics ?? {},
      layers: signs?.layers ?? [],
      gradients: signs?.gradients ?? { start: [], end: [] },
    }),
  };
}

const rateOf = ({ scalars }: Plan): number => {
  const rate = scalars.find(({ name }) => name === LEARNING_RATE);
  return rate?.kind === 'value' ? rate.value : 0;
};

/** Why training ended before its last epoch, in words. */
function why(stopped: string, { training }: Config, monitor: string): string {
  if (stopped === 'stop_when') return `stop_when: ${training.stop_when}`;
  const { patience } = training.early_stopping!;
  return `early_stopping: ${monitor} no better for ${patience} ${patience === 1 ? 'epoch' : 'epochs'}`;
}

/** Training metrics are the running means of the epoch that the final weights come from. */
const trainMetrics = (history: Progress['history'], epoch: number): Record<string, MetricValue> =>
  Object.fromEntries(
    Object.entries(history[epoch - 1] ?? {})
      .filter(([name]) => !name.startsWith('val_'))
      .map(([name, value]) => [name, { value }]),
  );

/** `test.accuracy` -> 0.97, for expectations. */
const values = (metrics: Readonly<Record<string, Record<string, MetricValue>>>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(metrics).flatMap(([split, all]) =>
      Object.entries(all).flatMap(([name, { value }]) =>
        value === null ? [] : [[`${split}.${name}`, value]],
      ),
    ),
  );

function weights(plan: Plan, end: TrainingEnd): Record<string, readonly number[]> {
  const state = new Map(end.state);
  return Object.fromEntries(
    plan.state
      .filter(isWeight)
      .map((s) => [s.name, Array.from(state.get(s.name)!, (v) => Number(shortest(v)))]),
  );
}

/** What was seen of a run before an error ended it. */
export interface Seen {
  epochs: number;
  metrics: Readonly<Record<string, number>>;
  step: number;
}

/** `result.json` of a run that an error ended. */
export function failed(
  { task }: Config,
  plan: Plan,
  engine: EngineInfo,
  seen: Seen,
  seconds: number,
  error: unknown,
): Result {
  const nan = error instanceof MlxError && error.code === 'nan-loss';
  const evidence: Evidence = {
    gap: taskOf(task).defaults.gap,
    history: [],
    firstLoss: null,
    peakLoss: null,
    nanStep: seen.step,
    learningRate: rateOf(plan),
    test: {},
    layers: [],
    gradients: { start: [], end: [] },
  };
  return {
    format: 1,
    status: 'failed',
    task,
    metrics: seen.epochs > 0 ? { train: trainMetrics([seen.metrics], 1) } : {},
    parameters: plan.parameters,
    epochs: seen.epochs,
    seconds,
    samples_per_second: 0,
    engine,
    ...(nan ? { diagnoses: diagnose(evidence) } : {}),
    error: {
      code: error instanceof MlxError ? error.code : 'internal',
      message: error instanceof Error ? error.message : String(error),
      step: seen.step,
    },
  };
}

/** predictions.csv, row by row, in the order of the test split. */
export function* predictionRows(
  config: Config,
  data: Prepared,
  { predictions, losses }: Scored & Pick<Outputs, 'losses'>,
): Generator<PredictionRow> {
  const task = taskOf(config.task);
  for (let i = 0; i < predictions.count; i++)
    yield {
      id: data.test.ids[i]!,
      ...task.row(predictions, i),
      extra: data.testGroups ? [losses[i]!, data.testGroups[i]!] : [losses[i]!],
    };
}

export const predictionColumns = (
  config: Config,
  data: Prepared,
  { predictions }: Scored,
): PredictionColumns => ({
  ...taskOf(config.task).columns(data.target, predictions.units),
  extra: data.testGroups ? ['loss', 'group'] : ['loss'],
});
