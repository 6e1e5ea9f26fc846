import { MlxError } from '../../errors.ts';
import type { RunEvent } from '../../protocol/events.ts';
import { type RunRecord, readCheckpoint, stateHash } from '../../record/index.ts';
import { readPredictions } from '../prediction-table.ts';
import type { Check } from './reproduction.ts';
import { compareSeries, type Series } from './series.ts';

export interface Strictness {
  readonly stopAt: number;
  readonly limit: number;
  readonly strict: boolean;
}

/** Each number of a run that is done again, in the order in which they came to be. */
export async function runChecks(
  was: RunRecord,
  is: RunRecord,
  { stopAt, limit, strict }: Strictness,
): Promise<Check[]> {
  const compared = (name: Check['name'], a: Series, b: Series) => compareSeries(name, a, b, limit, strict);
  const checks = [
    compared('steps', numbersOf(stepsOf(was.events), stopAt), numbersOf(stepsOf(is.events), stopAt)),
  ];
  if (stopAt !== Number.POSITIVE_INFINITY) return checks;
  checks.push(compared('epochs', epochsOf(was.events), epochsOf(is.events)));
  checks.push(compared('metrics', metricsOf(was), metricsOf(is)));
  checks.push(...baselineCheck(was, is, compared));
  checks.push(predictionCheck(was, is, compared));
  checks.push(await weightCheck(was, is, compared));
  return checks;
}

export type Compared = (name: Check['name'], a: Series, b: Series) => Check;

/** By step; of a step that a resume took again, the later. */
export const stepsOf = (events: readonly RunEvent[]) =>
  new Map(events.flatMap((e) => (e.type === 'step' ? [[e.step, e] as const] : [])));

function numbersOf(steps: ReturnType<typeof stepsOf>, last: number): Series {
  const series = new Map<string, number>();
  for (const [step, { scalars, metrics }] of steps) {
    if (step > last) continue;
    for (const [key, value] of Object.entries({ ...scalars, ...metrics }))
      series.set(`step ${step}: ${key}`, value);
  }
  return series;
}

const epochsOf = (events: readonly RunEvent[]): Series =>
  new Map(
    events.flatMap((e) =>
      e.type === 'epoch'
        ? Object.entries(e.metrics).map(([key, value]) => [`epoch ${e.epoch}: ${key}`, value] as const)
        : [],
    ),
  );

const metricsOf = ({ result }: RunRecord): Series =>
  new Map(
    Object.entries(result?.metrics ?? {}).flatMap(([split, values]) =>
      Object.entries(values).flatMap(([name, { value }]) =>
        value === null ? [] : [[`${split}.${name}`, value] as const],
      ),
    ),
  );

/**
 * What the simple models reached by themselves; the tests of the network against them follow from this and
 * the predictions.
 */
export function baselineCheck(
  was: Pick<RunRecord, 'result'>,
  is: Pick<RunRecord, 'result'>,
  compared: Compared,
): Check[] {
  const name = 'baselines';
  const [a, b] = [was.result?.baselines, is.result?.baselines];
  if (!a)
    return b ? [{ name, outcome: 'not checked', text: 'the result has none, and now there are some' }] : [];
  const of = ({ metric, models }: typeof a): Series =>
    new Map(
      models.flatMap(({ name, value, train_examples }) => [
        [`${name}: train_examples`, train_examples] as const,
        ...(value === null ? [] : [[`${name}: ${metric}`, value] as const]),
      ]),
    );
  return [compared(name, of(a), b ? of(b) : new Map())];
}

function predictionCheck(was: RunRecord, is: RunRecord, compared: Compared): Check {
  const name = 'predictions';
  const [a, b] = [was, is].map(({ folder, result }) => readPredictions(folder, result)) as [
    ReturnType<typeof readPredictions>,
    ReturnType<typeof readPredictions>,
  ];
  if ('missing' in a) return { name, outcome: 'not checked', text: a.missing };
  if ('missing' in b) return { name, outcome: 'different', text: b.missing };
  const scores = ({ ids, predictions }: typeof a): Series => {
    const { units } = predictions;
    return new Map(
      Array.from(predictions.scores, (v, i) => [`id ${ids[Math.floor(i / units)]}, score ${i % units}:`, v]),
    );
  };
  const numbers = compared(name, scores(a), scores(b));
  const flipped = a.predicted.filter(
    (p, i) => a.predictions.form !== 'numbers' && p !== b.predicted[i],
  ).length;
  return flipped === 0
    ? numbers
    : { name, outcome: 'different', text: `${flipped} predictions; ${numbers.text}` };
}

async function weightCheck(was: RunRecord, is: RunRecord, compared: Compared): Promise<Check> {
  const name = 'final weights';
  if (!was.checkpoints.last || !is.checkpoints.last)
    return { name, outcome: 'not checked', text: 'there is no last checkpoint' };
  let states: Map<string, Float32Array>[];
  try {
    states = [
      (await readCheckpoint(was.checkpoints.last)).state,
      (await readCheckpoint(is.checkpoints.last)).state,
    ];
  } catch (error) {
    if (!(error instanceof MlxError)) throw error;
    return { name, outcome: 'not checked', text: error.message };
  }
  const [a, b] = states as [Map<string, Float32Array>, Map<string, Float32Array>];
  if (stateHash(a) === stateHash(b))
    return { name, outcome: 'identical', text: `${a.size} tensors, bit for bit` };
  // Of each tensor the element that differs most, so that the list stays small.
  const worst = (state: typeof a): Series =>
    new Map(
      [...state].map(([tensor, values]) => [tensor, values[furthest(a.get(tensor), b.get(tensor))] ?? 0]),
    );
  return compared(name, worst(a), worst(b));
}

function furthest(a: Float32Array | undefined, b: Float32Array | undefined): number {
  let at = 0;
  a?.forEach((v, i) => {
    if (Math.abs(v - (b?.[i] ?? 0)) > Math.abs(a[at]! - (b?.[at] ?? 0))) at = i;
  });
  return at;
}
