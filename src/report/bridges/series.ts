import type { RunEvent, RunStarted } from '../../protocol/events.ts';
import { LEARNING_RATE } from '../../protocol/learning-rate.ts';
import type { Result } from '../../protocol/result.ts';

/** One value of one quantity, of an event or final: what CSV, Parquet, TensorBoard and MLflow get. */
export interface Measured {
  /** `step`: of one batch; `epoch`: of the epoch's examples; `final`: of the trained weights. */
  readonly kind: 'step' | 'epoch' | 'final';
  readonly split: 'train' | 'validation' | 'test';
  readonly metric: string;
  readonly step: number;
  readonly epoch: number;
  readonly value: number;
  /** Of final values: the 95% interval. */
  readonly low?: number;
  readonly high?: number;
}

/** Values in an event, in its order; numbers that are none are left out. */
export function measuredOf(event: RunEvent): Measured[] {
  if (event.type === 'step') {
    const at = { kind: 'step', split: 'train', step: event.step, epoch: event.epoch } as const;
    const rate = event.scalars[LEARNING_RATE];
    const values = Object.entries(event.metrics).map(([metric, value]) => ({ ...at, metric, value }));
    return finite(rate === undefined ? values : [...values, { ...at, metric: 'learning_rate', value: rate }]);
  }
  if (event.type !== 'epoch') return [];
  const at = { kind: 'epoch', step: event.step, epoch: event.epoch } as const;
  return finite(
    Object.entries(event.metrics).map(([name, value]) =>
      name.startsWith('val_')
        ? { ...at, split: 'validation', metric: name.slice(4), value }
        : { ...at, split: 'train', metric: name, value },
    ),
  );
}

/** Metrics of the result, with their intervals. */
export function finalOf(result: Result, step: number): Measured[] {
  const splits = ['train', 'validation', 'test'] as const;
  return finite(
    splits.flatMap((split) =>
      Object.entries(result.metrics[split] ?? {}).flatMap(([metric, { value, interval }]): Measured[] =>
        value === null
          ? []
          : [
              {
                kind: 'final',
                split,
                metric,
                step,
                epoch: result.epochs,
                value,
                ...(interval && { low: interval[0], high: interval[1] }),
              },
            ],
      ),
    ),
  );
}

/**
 * All values of a run as its folder has them: each step and epoch once, as they came last (a resume repeats
 * some).
 */
export function measuredRun(events: readonly RunEvent[], result: Result | undefined): Measured[] {
  const found = new Map<string, Measured>();
  for (const event of events)
    for (const value of measuredOf(event))
      found.set(`${value.kind} ${value.split} ${value.metric} ${value.step}`, value);
  const told = [...found.values()];
  const last = told.reduce((most, { step }) => Math.max(most, step), 0);
  return [...told, ...(result ? finalOf(result, last) : [])];
}

/** When each epoch ended, in seconds since 1970: the start plus what epochs took. */
export function clockOf(events: readonly RunEvent[]): (epoch: number) => number {
  const started = events.find((e): e is RunStarted => e.type === 'run_started');
  const begin = Date.parse(started?.time ?? '') / 1000;
  const ends = new Map<number, number>();
  let at = Number.isFinite(begin) ? begin : 0;
  ends.set(0, at);
  const took = new Map(events.flatMap((e) => (e.type === 'epoch' ? [[e.epoch, e.seconds] as const] : [])));
  for (const [epoch, seconds] of [...took].sort((a, b) => a[0] - b[0])) {
    at += Number.isFinite(seconds) ? seconds : 0;
    ends.set(epoch, at);
  }
  return (epoch) => ends.get(epoch) ?? at;
}

const finite = (values: readonly Measured[]): Measured[] =>
  values.filter(({ value }) => Number.isFinite(value));
