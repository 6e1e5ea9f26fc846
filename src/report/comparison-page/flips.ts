import { type ExamplesExhibit, type Exhibit, exhibitOf, type ShownExample } from '../../protocol/exhibits.ts';
import type { Comparison, Flip } from '../../study/comparison.ts';
import { count } from '../format.ts';
import { cut, html, table } from '../page/html.ts';
import { picture } from '../run-page/parts.ts';

/** Exhibits of the runs, in their order; pictures and rows of flips come from there. */
export type ComparedExhibits = readonly (readonly Exhibit[] | undefined)[];

const PICTURES = 24;
const ROWS = 20;
const IDS = 200;
/** Runs whose flips are shown; the rest is in `--json`. */
const MOST_RUNS = 6;

interface Known {
  readonly held: ExamplesExhibit;
  readonly example: ShownExample;
}

/** What each run gets right that the baseline got wrong, and the other way round. */
export function flipBlocks(c: Comparison, exhibits: ComparedExhibits): { title: string; body: string }[] {
  const first = c.runs[0]?.label ?? 'A';
  return c.against.slice(0, MOST_RUNS).flatMap((p) => {
    if ('refused' in p || !p.flips) return [];
    const at = c.runs.findIndex((r) => r.label === p.run);
    // The example is shown as the run that got it wrong has it.
    const known = new Map([...byId(exhibits[0]), ...byId(exhibits[at])]);
    const { fixed, broken } = p.flips;
    const why = `<p class="soft">Of ${count(p.examples)} test examples that both were tested on; all others are right in both or wrong in both.</p>`;
    const body = [
      why,
      group(`${p.run} fixes ${count(fixed.length)}`, fixed, known),
      group(`${p.run} breaks ${count(broken.length)}`, broken, known),
    ];
    return [{ title: `Flips from ${html(first)} to ${html(p.run)}`, body: body.join('') }];
  });
}

function byId(exhibits: ComparedExhibits[number]): [string, Known][] {
  const held = exhibitOf(exhibits ?? [], 'examples');
  if (held?.part !== 'test' || !Array.isArray(held.list)) return [];
  return held.list.map((example): [string, Known] => [example.id, { held, example }]);
}

function group(title: string, flips: readonly Flip[], known: ReadonlyMap<string, Known>): string {
  if (flips.length === 0) return `<h3>${html(title)}</h3>`;
  const seen = flips.flatMap((flip) => {
    const found = known.get(flip.id);
    return found ? [{ flip, ...found }] : [];
  });
  const pictures = seen.filter(({ held }) => held.image);
  const body = pictures.length > 0 ? shots(pictures) : rows(flips, known);
  const ids = flips.slice(0, IDS).map(({ id }) => html(id));
  const more = flips.length > IDS ? ` … (all in --json)` : '';
  return `<h3>${html(title)}</h3>${body}<details><summary>ids</summary><p>${ids.join(' ')}${more}</p></details>`;
}

const change = ({ truth, was, is }: Flip): string =>
  `<b>${html(cut(truth, 24))}</b>: ${html(cut(was, 24))} → ${html(cut(is, 24))}`;

function shots(seen: readonly (Known & { readonly flip: Flip })[]): string {
  const figures = seen.slice(0, PICTURES).map(({ flip, held, example }) => {
    const alt = `id ${flip.id}: ${flip.truth}, was ${flip.was}, is ${flip.is}`;
    return `<figure>${picture(example.pixels ?? '', held.image!, alt)}<figcaption>${change(flip)}<br>id ${html(flip.id)}</figcaption></figure>`;
  });
  return `<div class="shots">${figures.join('\n')}</div>`;
}

/** Ids with truth and both answers; their rows where a run kept them. */
function rows(flips: readonly Flip[], known: ReadonlyMap<string, Known>): string {
  const columns = flips.map(({ id }) => known.get(id)?.held.columns).find(Boolean) ?? [];
  const head = ['id', 'truth', 'was', 'is', ...columns.slice(0, 10).map((name) => html(cut(name, 24)))];
  const lines = flips.slice(0, ROWS).map((flip) => {
    const values = known.get(flip.id)?.example.values ?? [];
    return [
      html(flip.id),
      `<b>${html(cut(flip.truth, 40))}</b>`,
      html(cut(flip.was, 40)),
      html(cut(flip.is, 40)),
      ...columns.slice(0, 10).map((_, i) => html(cut(values[i] ?? '–', 48))),
    ];
  });
  return table(head, lines, { label: 'examples that flipped' });
}
