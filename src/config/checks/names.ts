import { Misfit } from '../../base/misfit.ts';
import { COSTS, parseExpectation } from '../../catalog/expectation.ts';
import type { MetricEntry } from '../../catalog/metrics/metric.ts';
import { fits, taskOf } from '../../catalog/tasks/index.ts';
import { suggest } from '../tree/suggest.ts';
import type { Path } from '../tree/tree.ts';
import { listed, shown } from '../tree/words.ts';
import type { Check, Parts, Report } from './check.ts';

/** Monitors, `stop_when` and `expect` name quantities that this run will have. */
export const checkNames: Check = (parts, report) => {
  const { training, expect = [], metrics, data } = parts;
  if (!metrics || !data.split) {
    for (const [i, text] of expect.entries()) quantityOf(text, ['expect', i], report);
    return;
  }
  const epoch = epochQuantities(parts, metrics);
  const early = training?.early_stopping;
  if (early) mustExist(early.monitor, epoch, ['training', 'early_stopping', 'monitor'], parts, report);
  const watched = parts.schedule?.['monitor'];
  if (typeof watched === 'string') mustExist(watched, epoch, ['schedule', 'monitor'], parts, report);
  if (training?.stop_when != null) {
    const path = ['training', 'stop_when'];
    const name = quantityOf(training.stop_when, path, report, false);
    if (name !== undefined) mustExist(name, epoch, path, parts, report);
  }
  const final = finalQuantities(parts, metrics);
  expect.forEach((text, i) => {
    const name = quantityOf(text, ['expect', i], report);
    if (name !== undefined) mustExist(name, final, ['expect', i], parts, report);
  });
};

/** The left side of "accuracy >= 1". @param compared whether it may name a baseline run */
function quantityOf(text: string, path: Path, report: Report, compared = true): string | undefined {
  try {
    const { quantity, baseline } = parseExpectation(text);
    if (compared || baseline === undefined) return quantity;
    report('expectation', `${shown(text)}: a training has no baseline run`, path, {
      help: 'compare with a number; `expect` may name a baseline, for `mlx check-run --baseline`',
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    report(error.code, error.message, path, { help: error.help });
    return undefined;
  }
}

/** A split that is given by the number of training examples leaves the rest to the test part. */
function hasTest({ data: { split }, shape }: Parts): boolean {
  const { type, train, test } = split!;
  return type === 'fixed' || (test === null ? train !== shape?.count : test > 0);
}

/** Loss and cheap metrics of training; with a validation part also `val_` and each metric that applies. */
function epochQuantities(parts: Parts, metrics: readonly string[]): string[] {
  const { data, catalogues } = parts;
  const running = metrics.filter((name) => catalogues.metrics.get(name)?.running);
  const train = ['loss', ...running];
  if (!(data.split!.validation > 0)) return train;
  const others = [...catalogues.metrics.values()].filter((metric) => applies(metric, parts));
  const names = new Set([...metrics, ...others.map(({ name }) => name)]);
  return [...train, 'val_loss', ...[...names].map((name) => `val_${name}`)];
}

/** Whether a metric can be computed of this task and loss. */
function applies(metric: MetricEntry, { task, loss, catalogues }: Parts): boolean {
  const margins = loss && catalogues.losses.get(loss.type)?.margins;
  return (!task || fits(metric, taskOf(task))) && !(metric.probabilities && margins);
}

function finalQuantities(parts: Parts, metrics: readonly string[]): string[] {
  const { catalogues } = parts;
  const running = metrics.filter((name) => catalogues.metrics.get(name)?.running);
  const of = (split: string, names: readonly string[]) =>
    ['loss', ...names].map((name) => `${split}.${name}`);
  return [
    ...of('train', running),
    ...(parts.data.split!.validation > 0 ? of('validation', metrics) : []),
    ...(hasTest(parts) ? of('test', metrics) : []),
    ...COSTS,
  ];
}

/** Metrics that nobody asked for come last; all of them would fill a screen. */
const MOST_LISTED = 12;

function mustExist(name: string, known: readonly string[], path: Path, parts: Parts, report: Report): void {
  if (known.includes(name)) return;
  const what = `this run has no \`${shown(name)}\``;
  if (/^(val_|validation\.)/.test(name) && !(parts.data.split!.validation > 0))
    report('no-such-quantity', `${what}: the split has no validation part`, path, {
      help: 'add `validation: 0.1` to `data.split`',
    });
  else if (name.startsWith('test.') && !hasTest(parts))
    report('no-such-quantity', `${what}: the split has no test part`, path, {
      help: 'give `data.split.test` a share',
    });
  else {
    const metric = name.replace(/^(val_|(train|validation|test)\.)/, '');
    const meant = suggest(name, known);
    const unlisted = parts.catalogues.metrics.has(metric) && !parts.metrics!.includes(metric);
    const help = unlisted
      ? `add \`${metric}\` to \`evaluation.metrics\``
      : meant
        ? `rename it to \`${meant}\``
        : `it has ${listed(known.slice(0, MOST_LISTED))}`;
    report('no-such-quantity', what, path, { help });
  }
}
