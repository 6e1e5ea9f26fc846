import type { MetricValue } from '../protocol/metric-values.ts';
import type { CalibrationReport, Result, ThresholdReport } from '../protocol/result.ts';
import { escapeText } from './escape.ts';
import { count, metric, short } from './format.ts';
import type { Row } from './row.ts';
import { padStart, textWidth, truncate } from './width.ts';

/** What validation chose, and what it changes. */
export function decisionRows({ calibration, threshold, thresholds }: Result): Row[] {
  return [
    ...(calibration ? calibrationRows(calibration) : []),
    ...(threshold ? thresholdRows(threshold) : []),
    ...(thresholds && thresholds.length > 0 ? labelRows(thresholds) : []),
  ];
}

function calibrationRows({ learned, open, examples, split, before, after }: CalibrationReport): Row[] {
  if (open !== undefined)
    return [{ label: 'calibration', text: `none: ${escapeText(open)} (${count(examples)} examples)` }];
  const numbers = Object.entries(learned).map(([name, value]) => `${escapeText(name)} ${short(value, 4)}`);
  const change = (name: string, key: 'log_loss' | 'expected_calibration_error') =>
    `${name} ${metric(before[key])} → ${metric(after[key])}`;
  return [
    { label: 'calibration', text: `${numbers.join(', ')}, from ${count(examples)} validation examples` },
    {
      label: '',
      text: `${split}: ${change('log loss', 'log_loss')}, ${change('calibration error', 'expected_calibration_error')}`,
    },
  ];
}

function thresholdRows({
  criterion,
  pos_label,
  value,
  default: usual,
  examples,
  validation,
}: ThresholdReport): Row[] {
  const before = usual === null ? 'the largest score decides' : short(usual, 4);
  const { sensitivity, specificity } = validation.chosen;
  return [
    {
      label: 'threshold',
      text: `${short(value, 4)} for ${escapeText(pos_label)}: ${escapeText(criterion)} (by default ${before})`,
    },
    {
      label: '',
      text: `validation: sensitivity ${metric(sensitivity)}, specificity ${metric(specificity)} of ${count(examples)} examples`,
    },
  ];
}

/** Labels whose threshold the summary names; the page and result.json have all. */
const MOST_LABELS = 12;
const LONGEST_NAME = 24;

function labelRows(thresholds: readonly ThresholdReport[]): Row[] {
  const { criterion, default: usual, examples } = thresholds[0]!;
  const shown = thresholds.slice(0, MOST_LABELS);
  const each = shown.map(
    ({ pos_label, value }) => `${truncate(escapeText(pos_label), LONGEST_NAME)} ${short(value, 4)}`,
  );
  const rest = thresholds.length - shown.length;
  const head = `${escapeText(criterion)}, one for each label (by default ${short(usual ?? 0.5, 4)})`;
  const lines = wrapped([...each, ...(rest > 0 ? [`${count(rest)} more`] : [])]);
  return [
    { label: 'thresholds', text: head },
    ...[...lines, `from ${count(examples)} validation examples`].map((text) => ({ label: '', text })),
  ];
}

/** `a 0.3, b 0.4` in lines of the summary's width. */
function wrapped(items: readonly string[]): string[] {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(last) + textWidth(item) + 2 <= ROOM)
      lines[lines.length - 1] = `${last}, ${item}`;
    else lines.push(item);
  }
  return lines;
}

/** `  (0.7831 by default)`: what a metric would be without calibration and threshold, where it differs. */
export function defaultText(value: MetricValue, usual: MetricValue | undefined): string {
  return usual && usual.value !== value.value ? `  (${metric(usual.value)} by default)` : '';
}

const BAR = 18;
/** Beside the summary's labels. */
const ROOM = 60;

/**
 * A reliability diagram in text: for each bin of confidence how often its predictions are right, as a bar;
 * `│` stands where it would be if they were right as often as they are sure.
 */
export function reliabilityLines({ split, before, after, open }: CalibrationReport): string[] {
  if (open !== undefined) return [];
  const bins = before.reliability.length;
  const cells = (all: CalibrationReport['before'], i: number) => {
    const { count: n, confidence, accuracy } = all.reliability[i]!;
    if (n === 0) return [' '.repeat(4), ' '.repeat(BAR), ''];
    return [accuracy.toFixed(2), bar(accuracy, confidence), count(n)];
  };
  const rows = before.reliability.flatMap((_, i) => {
    const [left, right] = [cells(before, i), cells(after, i)];
    if (left[2] === '' && right[2] === '') return [];
    const bounds = `${(i / bins).toFixed(2)}–${((i + 1) / bins).toFixed(2)}`;
    const column = ([share, line, n]: string[]) => `${share} ${line} ${padStart(n!, 7)}`;
    return [`${bounds}   ${column(left)}   ${column(right)}`.trimEnd()];
  });
  const head = (name: string) => `${'right'.padEnd(6)}${name.padEnd(BAR - 1)}examples`;
  return [
    `reliability on ${split}: how often predictions of a confidence are right, │ should be`,
    `confidence  ${head('before')}   ${head('after')}`,
    ...rows,
  ];
}

function bar(share: number, mark: number): string {
  const [filled, at] = [Math.round(share * BAR), Math.min(BAR - 1, Math.floor(mark * BAR))];
  return Array.from({ length: BAR }, (_, k) => (k === at ? '│' : k < filled ? '█' : '·')).join('');
}
