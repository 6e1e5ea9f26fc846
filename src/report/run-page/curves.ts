import type { Ranking, RankingExhibit, ReliabilityExhibit } from '../../protocol/exhibits.ts';
import type { Result } from '../../protocol/result.ts';
import { count } from '../format.ts';
import { cut, html, table } from '../page/html.ts';
import { type Axis, chart, dot, line, marks } from '../page/svg.ts';
import { titled } from './parts.ts';
import type { DrawnPage } from './run-page.ts';

type Calibration = NonNullable<Result['calibration']>;
type Threshold = NonNullable<Result['threshold']>;

const unit = (title: string): Axis => ({
  from: 0,
  to: 1,
  ticks: [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at, text: String(at) })),
  title,
});
const SQUARE = { width: 340, height: 300 };

/** ROC and precision-recall curves; of several classes or labels the weakest stands out. */
export function rankingSection({ noun: plain, each, lines: all }: RankingExhibit): string {
  const noun = html(plain);
  if (all.length === 0) return '';
  const weakest = all.reduce((a, b) => (b.area < a.area ? b : a));
  const draw =
    (points: (c: Ranking) => Ranking['roc'], extra: string) => (plot: Parameters<typeof line>[0]) =>
      all
        .filter((c) => c !== weakest)
        .map((c) => line(plot, points(c), 'l-soft'))
        .join('') +
      extra.replace('$', `M${plot.x(0)} ${plot.y(0)}L${plot.x(1)} ${plot.y(1)}`) +
      line(plot, points(weakest), 'l-train');
  const roc = chart(
    `ROC curves; the weakest ${noun} has area ${weakest.area.toFixed(4)}`,
    { x: unit('false positive rate'), y: unit('true positive rate'), ...SQUARE },
    draw((c) => c.roc, '<path class="l-line" d="$"/>'),
  );
  const pr = chart(
    `precision-recall curves; the weakest ${noun} has average precision ${weakest.average_precision.toFixed(4)}`,
    { x: unit('recall'), y: unit('precision'), ...SQUARE },
    draw((c) => c.precision_recall, ''),
  );
  const several = all.length > 1;
  const blue = several
    ? `Blue is ${html(cut(weakest.name, 30))}, the ${noun} with the smallest area; grey are the others.`
    : `Of ${html(cut(weakest.name, 30))}.`;
  const rows = all.map((c) => [
    html(c.name),
    c.area.toFixed(4),
    c.average_precision.toFixed(4),
    count(c.positives),
  ]);
  const why = `${html(each)}, by its score. ROC: how many of the ${noun} are found for how many false alarms; the diagonal is guessing. Precision and recall: how many of those called so are right; where a ${noun} is rare, look here. ${blue}`;
  return titled(
    'ROC and precision-recall',
    'exhibits.json',
    why,
    `<div class="charts"><figure>${roc}</figure><figure>${pr}</figure></div><div class="tight">${table([noun, 'area under ROC', 'average precision', 'examples'], rows, { numeric: [1, 2, 3], label: 'areas' })}</div>`,
  );
}

/** How sure predictions are against how often they are right. */
export function reliabilitySection({ bins }: ReliabilityExhibit, { record }: DrawnPage): string {
  const { calibration, threshold, thresholds } = record?.result ?? {};
  const full = bins.filter((bin) => bin.count > 0);
  if (full.length === 0) return '';
  const total = full.reduce((sum, bin) => sum + bin.count, 0);
  const gap = full.reduce((sum, b) => sum + (b.count / total) * Math.abs(b.accuracy - b.confidence), 0);
  const points = full.map((b) => [b.confidence, b.accuracy] as const);
  const before = (calibration?.before.reliability ?? [])
    .filter((b) => b.count > 0)
    .map((b) => [b.confidence, b.accuracy] as const);
  const diagram = chart(
    'accuracy by confidence',
    { x: unit('confidence'), y: unit('share that is right'), ...SQUARE },
    (plot) =>
      `<path class="l-line" d="M${plot.x(0)} ${plot.y(0)}L${plot.x(1)} ${plot.y(1)}"/>${full.map((b) => `<path class="l-soft" d="M${plot.x(b.confidence)} ${plot.y(b.confidence)}V${plot.y(b.accuracy)}"/>`).join('')}${line(plot, before, 'l-soft')}${line(plot, points, 'l-train')}${marks(plot, points, 'm-train ring', dot(4))}`,
  );
  const most = Math.max(...bins.map((b) => b.count));
  const histogram = chart(
    'predictions by confidence',
    {
      x: unit('confidence'),
      y: {
        from: 0,
        to: 1,
        ticks: [0, 0.5, 1].map((at) => ({ at, text: count(at * most) })),
        title: 'predictions',
      },
      ...SQUARE,
    },
    (plot) =>
      bins
        .map((b, i) => {
          const [x1, x2, y] = [
            plot.x(i / bins.length),
            plot.x((i + 1) / bins.length),
            plot.y(b.count / most),
          ];
          return `<path class="bar" d="M${x1 + 1} ${plot.bottom}V${y}H${x2 - 1}V${plot.bottom}z"/>`;
        })
        .join(''),
  );
  const why = `When the network says 80%, is it right in 80% of the cases? Points below the dotted line are too sure, above it too modest. Mean distance from the line, weighted by how many predictions there are: <b>${gap.toFixed(4)}</b> over ${bins.length} bins.`;
  return titled(
    'Calibration',
    'exhibits.json, result.json',
    why,
    `${calibration ? calibrationText(calibration) : ''}${threshold ? thresholdText(threshold) : ''}${thresholds ? thresholdTable(thresholds) : ''}<div class="charts"><figure>${diagram}</figure><figure>${histogram}</figure></div>`,
  );
}

const rate = (value: number | null): string => (value === null ? 'n/a' : value.toFixed(4));

function calibrationText({ type, learned, examples, before, after, open }: Calibration): string {
  if (open) return `<p>No ${html(type)} was learned: ${html(open)}.</p>`;
  const values = Object.entries(learned).map(([name, value]) => `${name} ${value.toPrecision(4)}`);
  return `<p>Probabilities were made more honest by ${html(type)} scaling (${html(values.join(', '))}), fitted on ${count(examples)} validation examples: calibration error ${rate(before.expected_calibration_error)} before (grey), ${rate(after.expected_calibration_error)} after (blue).</p>`;
}

function thresholdText({ criterion, pos_label, value, examples, test, validation }: Threshold): string {
  const { default: usual, chosen } = test ?? validation;
  const part = test ? 'test' : 'validation';
  return `<p>${html(pos_label)} is said from a score of ${value.toPrecision(4)} on, chosen on ${count(examples)} validation examples for <code>${html(criterion)}</code>. On ${part} examples: sensitivity ${rate(chosen.sensitivity)} (${rate(usual.sensitivity)} by default), specificity ${rate(chosen.specificity)} (${rate(usual.specificity)}), precision ${rate(chosen.precision)} (${rate(usual.precision)}).</p>`;
}

const MOST_LABELS = 100;

/** Of labels: each one's threshold, and what it changes. */
function thresholdTable(thresholds: readonly Threshold[]): string {
  const [first] = thresholds;
  if (!first) return '';
  const part = first.test ? 'test' : 'validation';
  const rows = thresholds.slice(0, MOST_LABELS).map(({ pos_label, value, test, validation }) => {
    const { default: usual, chosen } = test ?? validation;
    const change = (key: 'sensitivity' | 'specificity' | 'precision') =>
      `${rate(chosen[key])} <span class="soft">(${rate(usual[key])})</span>`;
    return [
      html(cut(pos_label, 60)),
      value.toPrecision(4),
      change('sensitivity'),
      change('specificity'),
      change('precision'),
    ];
  });
  const more =
    thresholds.length > MOST_LABELS
      ? `<p class="soft">and ${count(thresholds.length - MOST_LABELS)} more</p>`
      : '';
  return `<p>Each label is said from a score of its own on, chosen on ${count(first.examples)} validation examples for <code>${html(first.criterion)}</code>; rates on ${part} examples, in brackets those from ${rate(first.default)} on.</p><div class="tight">${table(['label', 'threshold', 'sensitivity', 'specificity', 'precision'], rows, { numeric: [1, 2, 3, 4], label: 'thresholds' })}</div>${more}`;
}
