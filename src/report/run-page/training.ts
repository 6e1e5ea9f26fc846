import type { EpochEvent, StepEvent } from '../../protocol/events.ts';
import { LEARNING_RATE } from '../../protocol/learning-rate.ts';
import { count, metric, seconds } from '../format.ts';
import { html } from '../page/html.ts';
import { chart, dot, line, linear, logarithmic, marks, ticks } from '../page/svg.ts';
import { titled } from './parts.ts';
import type { RunPage } from './run-page.ts';

type Point = readonly [number, number];

/** Points of the faint line of single steps: more than a picture has pixels help nobody. */
const MOST_STEPS = 600;
const MOST_CHARTS = 6;

export function trainingSection({ record, brief }: RunPage): string {
  const epochs = [
    ...new Map(record.events.flatMap((e) => (e.type === 'epoch' ? [[e.epoch, e] as const] : []))).values(),
  ];
  const steps = record.events.filter((e): e is StepEvent => e.type === 'step');
  if (epochs.length === 0 && steps.length === 0) return '';
  const best = record.result?.best;
  const perEpoch =
    brief.started?.steps_per_epoch ??
    Math.max(1, Math.round((epochs.at(-1)?.step ?? 1) / Math.max(1, epochs.length)));
  const names = [...new Set(epochs.flatMap((e) => Object.keys(e.metrics)))].filter(
    (n) => !n.startsWith('val_'),
  );
  const pictures = (names.length > 0 ? names : ['loss'])
    .slice(0, MOST_CHARTS)
    .map((name) => curve(name, epochs, steps, perEpoch, best?.epoch));
  const rates = steps.map((s): Point => [s.step / perEpoch, s.scalars[LEARNING_RATE] ?? Number.NaN]);
  const distinct = new Set(rates.map(([, rate]) => rate));
  if (distinct.size > 1) pictures.push(rateCurve(thin(rates)));
  const last = epochs.at(-1);
  const facts = [
    best && `Best epoch ${best.epoch}: ${best.monitor} ${metric(best.value)}.`,
    record.result?.stopped && `Stopped early: ${record.result.stopped}.`,
    last &&
      `An epoch took ${seconds(median(epochs.map((e) => e.seconds)))}; ${count(last.samples_per_second)} examples a second.`,
  ].flatMap((fact) => (fact ? [html(fact)] : []));
  const validated = epochs.some((e) => 'val_loss' in e.metrics);
  const why = `Nothing is smoothed. An epoch is one pass over the training examples; a step is one update of the weights. ${
    validated
      ? 'Where validation rises while training still falls, the network learns its examples by heart: overfitting.'
      : 'There is no validation part here, so that nothing tells when the network begins to learn its examples by heart.'
  }`;
  return titled(
    'Training',
    'events.ndjson',
    why,
    `<p>${facts.join(' ')}</p>${legend(validated, steps.length > 0)}<div class="charts">${pictures.join('\n')}</div>`,
  );
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

const sample = (cls: string, more = '') =>
  `<svg viewBox="0 0 22 10" aria-hidden="true"><path class="${cls}" d="M0 5H22"/>${more}</svg>`;

function legend(validated: boolean, stepped: boolean): string {
  const val = `<span>${sample('l-val', '<path class="m-val" d="M8 5a3 3 0 1 0 6 0a3 3 0 1 0-6 0"/>')}validation</span>`;
  return `<p class="legend"><span>${sample('l-train')}training, mean of an epoch</span>${stepped ? `<span>${sample('l-step')}training, single steps</span>` : ''}${validated ? val : ''}</p>`;
}

/** One quantity: steps faintly, means of epochs, validation with dots; the axis counts epochs. */
function curve(
  name: string,
  epochs: readonly EpochEvent[],
  steps: readonly StepEvent[],
  perEpoch: number,
  best: number | undefined,
): string {
  const of = (key: string): Point[] => epochs.map((e) => [e.epoch, e.metrics[key] ?? Number.NaN]);
  const [train, val] = [of(name), of(`val_${name}`)];
  const single = thin(steps.map((s): Point => [s.step / perEpoch, s.metrics[name] ?? Number.NaN]));
  const values = [...train, ...val, ...single].map(([, y]) => y).filter(Number.isFinite);
  if (values.length === 0) return '';
  const positive = values.every((v) => v > 0);
  const means = [...train, ...val].map(([, y]) => y).filter((v) => Number.isFinite(v) && v > 0);
  const log = name === 'loss' && positive && Math.max(...means) / Math.min(...means) > 8;
  const end = Math.max(1, epochs.length > 0 ? epochs.at(-1)!.epoch : (single.at(-1)?.[0] ?? 1));
  const whole = ticks(0, end, 6).filter(({ at }) => Number.isInteger(at) && at > 0);
  const x = { from: 0, to: end * 1.01, ticks: whole, title: 'epoch' };
  const shown = name.replaceAll('_', ' ');
  const y = log ? logarithmic(values, `${shown}, log`) : linear(values, shown);
  const final = val.findLast(([, v]) => Number.isFinite(v)) ?? train.at(-1);
  const what = `${shown} by epoch, at the end ${metric(final?.[1])}`;
  const drawn = chart(what, { x, y }, (plot) => {
    const mark = best === undefined ? '' : `<path class="l-best" d="M${plot.x(best)} 20V${plot.bottom}"/>`;
    const dots = val.length <= 60 ? marks(plot, val, 'm-val ring', dot(3)) : '';
    const alone = train.length === 1 ? marks(plot, train, 'm-train', dot(3)) : '';
    return (
      mark +
      line(plot, single, 'l-step') +
      line(plot, train, 'l-train') +
      line(plot, val, 'l-val') +
      dots +
      alone
    );
  });
  return `<figure>${drawn}${best === undefined ? '' : `<figcaption>dotted: the best epoch, ${best}</figcaption>`}</figure>`;
}

function rateCurve(points: readonly Point[]): string {
  const x = {
    from: 0,
    to: points.at(-1)![0],
    ticks: ticks(0, points.at(-1)![0], 6).filter(({ at }) => at > 0),
    title: 'epoch',
  };
  const y = linear([0, ...points.map(([, rate]) => rate)], 'learning rate');
  return `<figure>${chart('learning rate by epoch', { x, y: { ...y, from: 0 } }, (plot) => line(plot, points, 'l-train'))}</figure>`;
}

/** The smallest and the largest of each stretch: what stands out stays. */
export function thin(points: readonly Point[], most = MOST_STEPS): Point[] {
  if (points.length <= most) return [...points];
  const size = Math.ceil((2 * points.length) / most);
  const kept: Point[] = [];
  for (let from = 0; from < points.length; from += size) {
    const piece = points.slice(from, from + size);
    const low = piece.reduce((a, b) => (b[1] < a[1] ? b : a));
    const high = piece.reduce((a, b) => (b[1] > a[1] ? b : a));
    kept.push(...(low[0] < high[0] ? [low, high] : low === high ? [low] : [high, low]));
  }
  return kept;
}
