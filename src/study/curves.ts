import { isMetric } from '../evaluate/index.ts';
import type { RunRecord } from '../record/index.ts';
import type { Curve } from './comparison.ts';

interface Run {
  readonly label: string;
  readonly record: RunRecord;
}

/** Mean loss of each epoch: validation's where there is one. */
export const lossCurves = (runs: readonly Run[]): Curve[] =>
  runs.map(({ label, record }) => {
    const epochs = epochsOf(record);
    return curve(label, epochs, names(epochs).includes('val_loss') ? 'val_loss' : 'loss');
  });

/**
 * Of what all runs monitor, or, where that is the loss, of the first metric that all have by epoch; none
 * where they share none.
 */
export function monitoredCurves(runs: readonly Run[]): Curve[] {
  const all = runs
    .map(({ label, record }) => ({ label, epochs: epochsOf(record), monitor: monitorOf(record) }))
    .filter(({ epochs }) => epochs.size > 0);
  const [first, ...others] = all;
  if (!first) return [];
  const shared = names(first.epochs).filter(
    (name) => !isLoss(name) && others.every(({ epochs }) => names(epochs).includes(name)),
  );
  const { monitor } = first;
  const metric =
    monitor !== undefined && shared.includes(monitor) && others.every((o) => o.monitor === monitor)
      ? monitor
      : (shared.find((name) => name.startsWith('val_') && isMetric(name.slice(4))) ?? shared.find(isMetric));
  return metric === undefined ? [] : all.map(({ label, epochs }) => curve(label, epochs, metric));
}

type Epochs = ReadonlyMap<number, Readonly<Record<string, number>>>;

/** By epoch; of one that a resume took again, the later. */
const epochsOf = ({ events }: RunRecord): Epochs =>
  new Map(events.flatMap((e) => (e.type === 'epoch' ? [[e.epoch, e.metrics ?? {}] as const] : [])));

const monitorOf = ({ events }: RunRecord): string | undefined =>
  events.flatMap((e) => (e.type === 'run_started' ? [e.monitor] : [])).at(-1);

const names = (epochs: Epochs): string[] => [...new Set([...epochs.values()].flatMap(Object.keys))];
const isLoss = (name: string): boolean => name === 'loss' || name === 'val_loss';

function curve(run: string, epochs: Epochs, metric: string): Curve {
  const points = [...epochs].flatMap(([epoch, values]) =>
    Number.isFinite(values[metric]) ? [[epoch, values[metric]!] as const] : [],
  );
  return { run, metric, points };
}
