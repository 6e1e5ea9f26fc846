import {
  type ConfusionExhibit,
  type ExamplesExhibit,
  exhibitOf,
  type ShownExample,
} from '../../protocol/exhibits.ts';
import type { Confusion } from '../../protocol/metric-values.ts';
import { mistakes } from '../confusion.ts';
import { count } from '../format.ts';
import { cut, html } from '../page/html.ts';
import { percent, picture, titled } from './parts.ts';
import type { DrawnPage } from './run-page.ts';

/** Classes that fit beside each other, cells with examples, and examples in one. */
const MOST_CLASSES = 25;
const MOST_CELLS = 60;
const EACH = 6;

/** The matrix, whose cells lead to examples where the run has kept some. */
export function confusionSection(confusion: ConfusionExhibit, { exhibits }: DrawnPage): string {
  const { classes, counts } = confusion;
  const held = exhibitOf(exhibits, 'examples');
  const cells = behind(classes, held);
  const linked = new Set(cells.map(({ key }) => key));
  const matrix = matrixOf(confusion, linked);
  const shown = cells.map((cell) => cellBlock(cell, classes, counts, held));
  const of =
    held && held.looked < held.count
      ? ` ${count(held.looked)} of the ${count(held.count)} examples could be shown.`
      : '';
  const why = `${confusion.of === undefined ? '' : `${html(confusion.of)} `}${COLOURS}${cells.length > 0 ? ' Each cell leads to examples of it.' : ''}`;
  const examples =
    shown.length > 0
      ? `<h3>Behind the cells</h3><p class="soft">The worst by loss first; of right answers, those that were least sure.${of}</p><div class="cells">${shown.join('\n')}</div>`
      : '';
  return titled('Confusion matrix', 'result.json, exhibits.json', why, matrix + examples);
}

const COLOURS =
  'Rows are the truth, columns what the network said; the stronger the colour, the larger the share of its row. Blue is right, orange wrong.';

const matrixOf = (confusion: Confusion, linked: ReadonlySet<string>): string =>
  confusion.classes.length <= MOST_CLASSES
    ? matrixTable(confusion.classes, confusion.counts, linked)
    : `<p>${mistakes(confusion)
        .slice(0, 30)
        .map((m) => `${html(m.truth)} → ${html(m.predicted)} ×${count(m.count)}`)
        .join(', ')}</p>`;

interface Cell {
  readonly key: string;
  readonly truth: number;
  readonly predicted: number;
  readonly examples: readonly ShownExample[];
}

/** Cells that examples are held of: mistakes before right answers, the most frequent first. */
function behind(classes: readonly string[], held: ExamplesExhibit | undefined): Cell[] {
  const at = new Map(classes.map((name, i) => [name, i]));
  const cells = new Map<string, { truth: number; predicted: number; examples: ShownExample[] }>();
  for (const example of held?.list ?? []) {
    const [truth, predicted] = [at.get(example.truth), at.get(example.prediction)];
    if (truth === undefined || predicted === undefined) continue;
    const key = `${truth}-${predicted}`;
    const cell = cells.get(key) ?? { truth, predicted, examples: [] };
    cell.examples.push(example);
    cells.set(key, cell);
  }
  const all = [...cells]
    .map(([key, cell]) => ({ key, ...cell }))
    .sort((a, b) => b.examples.length - a.examples.length || a.truth - b.truth || a.predicted - b.predicted);
  const right = all.filter((c) => c.truth === c.predicted).sort((a, b) => a.truth - b.truth);
  const wrong = all.filter((c) => c.truth !== c.predicted);
  return [...wrong.slice(0, MOST_CELLS), ...right.slice(0, MOST_CLASSES)];
}

function matrixTable(
  classes: readonly string[],
  counts: readonly (readonly number[])[],
  linked: ReadonlySet<string>,
): string {
  const name = (text: string) => html(cut(text, classes.length > 8 ? 12 : 20));
  const head = classes.map((c) => `<th scope="col" title="${html(c)}">${name(c)}</th>`).join('');
  const body = counts.map((row, i) => {
    const total = Math.max(
      1,
      row.reduce((a, b) => a + b, 0),
    );
    const line = row.map((n, j) => cellOf(n, n / total, i, j, classes, linked.has(`${i}-${j}`)));
    return `<tr><th scope="row" title="${html(classes[i]!)}">${name(classes[i]!)}</th>${line.join('')}</tr>`;
  });
  return `<div class="scroll" tabindex="0" role="region" aria-label="confusion matrix"><table class="confusion"><thead><tr><td></td><th class="axis-name" colspan="${classes.length}">predicted</th></tr><tr><th class="axis-name" scope="row">truth</th>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}

function cellOf(
  n: number,
  share: number,
  i: number,
  j: number,
  classes: readonly string[],
  linked: boolean,
): string {
  if (n === 0) return '<td><span class="none">·</span></td>';
  // Mistakes are rare: their shades begin earlier.
  const level = Math.min(9, Math.floor((i === j ? share : Math.sqrt(share)) * 10));
  const what = html(`${classes[i]} → ${classes[j]}: ${count(n)}, ${percent(share)} of ${classes[i]}`);
  const inner = linked
    ? `<a href="#cell-${i}-${j}" title="${what}" aria-label="${what}">${count(n)}</a>`
    : `<span title="${what}">${count(n)}</span>`;
  return `<td class="${i === j ? 'b' : 'o'}${level}">${inner}</td>`;
}

function cellBlock(
  { key, truth, predicted, examples }: Cell,
  classes: readonly string[],
  counts: readonly (readonly number[])[],
  { image, columns }: Pick<ExamplesExhibit, 'image' | 'columns'> = {},
): string {
  const n = counts[truth]?.[predicted] ?? examples.length;
  const shown = examples.slice(0, EACH);
  const title =
    truth === predicted
      ? `${html(cut(classes[truth]!, 40))} <span>right, ×${count(n)}</span>`
      : `${html(cut(classes[truth]!, 40))} → ${html(cut(classes[predicted]!, 40))} <span>×${count(n)}</span>`;
  const body = image
    ? shown.map((e) => picture(e.pixels ?? '', image, exampleText(e))).join('')
    : shown.map((e) => `<p>${rowText(e, columns)}</p>`).join('');
  return `<div class="cell" id="cell-${key}"><h4>${title}</h4>${body}</div>`;
}

export function exampleText(e: ShownExample): string {
  const sure = e.confidence === undefined ? '' : `, ${percent(e.confidence)} sure`;
  return `id ${e.id}: ${e.truth}, taken for ${e.prediction}${sure}`;
}

/** The id, how sure, and the first values of its row. */
function rowText(e: ShownExample, columns: readonly string[] | undefined): string {
  const sure = e.confidence === undefined ? '' : ` ${percent(e.confidence)} sure`;
  const values = (e.values ?? [])
    .slice(0, 6)
    .map(
      (v, i) =>
        `${columns?.[i] === undefined ? '' : `${html(cut(columns[i], 24))} `}${v === null ? '–' : `<b>${html(cut(v, 40))}</b>`}`,
    )
    .join(', ');
  return `<b>id ${html(e.id)}</b>${sure} <span class="soft">${values}</span>`;
}
