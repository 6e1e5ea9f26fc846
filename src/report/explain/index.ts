import type {
  ClassExtremes,
  Dependence,
  Explanation,
  Extreme,
  ImageExplanation,
  ImportanceReport,
  RowExplanation,
} from '../../evaluate/explain/index.ts';
import { escapeText } from '../escape.ts';
import { count, metric, short } from '../format.ts';
import { padEnd, padStart, textWidth, truncate } from '../width.ts';
import { beside, heatMap } from './heat-map.ts';

const LONGEST_NAME = 24;
const MOST_COLUMNS = 20;
const MOST_CLASSES = 12;
const BAR = 20;

/** Everything but the pixels of example pictures, which PNG files hold. */
export function explanationJson(explanation: Explanation): string {
  const { pictures: _, ...plain } = explanation;
  return JSON.stringify(plain);
}

/** `mlx explain` for a terminal, at most 80 columns. @param files what was written into the run's folder */
export function explanationLines(explanation: Explanation, files: readonly string[]): string[] {
  const { run, answers, split, examples, looked, importance, dependence, extremes, example } = explanation;
  const some = looked < examples ? ` (${count(looked)} of them for importances)` : '';
  const about = example
    ? `example ${example.id}, in ${split}`
    : `${count(examples)} ${split} examples${some}`;
  const lines = [`${escapeText(run)}   ${about}`];
  if (example?.kind === 'image') lines.push(facts(answers, example), ...imageLines(example));
  if (example?.kind === 'row') lines.push(facts(answers, example), ...rowLines(example));
  if (importance) lines.push('', ...importanceLines(importance));
  if (dependence && dependence.length > 0) lines.push('', ...dependenceLines(dependence));
  if (extremes) lines.push('', ...extremeLines(extremes));
  lines.push('', `files    ${files.join(', ')}`);
  return lines;
}

const nameOf = (name: string) => truncate(escapeText(name), LONGEST_NAME);
const widest = (names: readonly string[]) => Math.max(6, ...names.map(textWidth));

function importanceLines({ metric: name, value, repeats, columns }: ImportanceReport): string[] {
  const shown = columns.slice(0, MOST_COLUMNS);
  const names = shown.map(({ column }) => nameOf(column));
  const width = widest(names);
  const most = Math.max(...shown.map(({ mean }) => Math.abs(mean)), 1e-12);
  const rows = shown.map(({ mean, interval }, i) => {
    const range = interval ? `[${signed(interval[0])}, ${signed(interval[1])}]` : '';
    const bar = '█'.repeat(Math.round((BAR * Math.max(0, mean)) / most));
    return `${padEnd(names[i]!, width)}  ${padStart(signed(mean), 8)}  ${padEnd(range, 20)}  ${bar}`.trimEnd();
  });
  const more = columns.length > shown.length ? [`and ${columns.length - shown.length} more (--json)`] : [];
  return [
    `permutation importance: how much worse ${name} (${metric(value)}) gets; ${repeats} permutations`,
    ...rows,
    ...more,
  ];
}

const signed = (value: number): string => `${value < 0 ? '-' : '+'}${metric(Math.abs(value))}`;

const LEVELS = '▁▂▃▄▅▆▇█';

function dependenceLines(all: readonly Dependence[]): string[] {
  const lines = ['partial dependence: mean prediction along the values of a column'];
  for (const { column, kind, grid, outputs } of all) {
    const ends =
      kind === 'category'
        ? truncate(grid.map((level) => escapeText(String(level))).join(', '), 44)
        : `${short(Number(grid[0]), 4)} … ${short(Number(grid.at(-1)), 4)}`;
    lines.push(`${nameOf(column)}   ${ends}`);
    const names = outputs.slice(0, MOST_CLASSES).map(({ name }) => nameOf(name));
    const width = widest(names);
    const values = outputs.flatMap((output) => output.values);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    outputs.slice(0, MOST_CLASSES).forEach((output, i) => {
      const line = output.values.map(
        (v) => LEVELS[Math.min(7, Math.floor((8 * (v - low)) / (high - low || 1)))],
      );
      const [from, to] = [Math.min(...output.values), Math.max(...output.values)];
      lines.push(
        `  ${padEnd(names[i]!, width)}  ${padEnd(line.join(''), 20)}  ${metric(from)} to ${metric(to)}`,
      );
    });
  }
  return lines;
}

function extremeLines(classes: readonly ClassExtremes[]): string[] {
  const names = classes.slice(0, MOST_CLASSES).map((one) => nameOf(one.class));
  const width = widest(names);
  const typical = ({ id, score }: Extreme) => `${id} (${score.toFixed(2)})`;
  const wrong = ({ id, prediction, score }: Extreme) =>
    `${id} →${truncate(escapeText(prediction), 12)} (${score.toFixed(2)})`;
  const within = (parts: readonly string[], room: number) => {
    let text = '';
    for (const part of parts) {
      const next = text === '' ? part : `${text}, ${part}`;
      if (text !== '' && textWidth(next) > room) break;
      text = next;
    }
    return text === '' ? '-' : text;
  };
  const room = Math.floor((80 - width - 4) / 2);
  const rows = classes.slice(0, MOST_CLASSES).map((one, i) => {
    const left = within(one.typical.map(typical), room - 2);
    return `${padEnd(names[i]!, width)}  ${padEnd(left, room)}  ${within(one.wrong.map(wrong), room)}`;
  });
  return [
    `${padEnd('class', width)}  ${padEnd('most typical', room)}  most wrong`,
    ...rows,
    `ids with the score of the true class; mlx explain <run> <id> looks at one`,
  ];
}

function rowLines({ class: name, score, columns }: RowExplanation): string[] {
  const shown = columns.slice(0, MOST_COLUMNS);
  const names = shown.map(({ column, value }) => nameOf(`${column} = ${value}`));
  const width = widest(names);
  const most = Math.max(...shown.map(({ effect }) => Math.abs(effect)), 1e-12);
  const rows = shown.map(({ effect }, i) => {
    const size = Math.round((BAR * Math.abs(effect)) / most);
    return `${padEnd(names[i]!, width)}  ${padStart(signed(effect), 8)}  ${(effect < 0 ? '░' : '█').repeat(size)}`.trimEnd();
  });
  return [
    '',
    `score of ${escapeText(name)} ${metric(score)}: what each value adds, against the values of other examples`,
    ...rows,
  ];
}

function facts(
  answers: Explanation['answers'],
  { truth, prediction }: { readonly truth: string; readonly prediction: string },
): string {
  const wrong = answers === 'exact' && truth !== prediction ? ' ✗' : '';
  return `truth ${escapeText(truth)}, predicted ${escapeText(prediction)}${wrong}`;
}

function imageLines(e: ImageExplanation): string[] {
  const { height, width, channels, integrated_gradients: ig, occlusion } = e;
  const grey = Array.from({ length: height * width }, (_, i) => {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += e.pixels[i * channels + c]!;
    return sum / channels;
  });
  const map = (values: readonly number[], title: string) => [title, ...heatMap(values, height, width)];
  const sign = ig.complete ? '✓' : '✗';
  return [
    `raw output for ${escapeText(e.class)}: ${metric(e.output)}; dark pixels speak for it, dotted ones against it`,
    '',
    ...beside(map(grey, 'picture'), map(e.saliency, 'saliency |gradient|')),
    '',
    ...beside(
      map(ig.values, 'integrated gradients'),
      map(occlusion.values, `occlusion ${occlusion.size}×${occlusion.size}`),
    ),
    '',
    `${sign} attributions add up to ${metric(ig.sum)}, the outputs differ by ${metric(ig.difference)} (${ig.steps} steps)`,
  ];
}
