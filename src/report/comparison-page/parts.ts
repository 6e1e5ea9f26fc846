import { html, table } from '../page/html.ts';
import { pageOf } from '../page/page.ts';
import { RUN_STYLE } from '../run-page/style.ts';

/** What is held against each other, the first being the baseline. */
interface Compared {
  /** `2 groups of runs`. */
  readonly what: string;
  readonly label: string;
  readonly each: readonly { readonly label: string; readonly name: string; readonly id: string }[];
  /** Safe cells of each, behind its letter and name. */
  readonly more: readonly (readonly string[])[];
  readonly verdicts: readonly { readonly verdict: keyof typeof MARKS; readonly text: string }[];
  /** What is the same in all, and how to read it; `said` is a sentence of its own. */
  readonly same: string;
  readonly said: string;
  readonly sections: readonly { readonly title: string; readonly body: string }[];
}

/**
 * A page of several against each other: who they are, the verdicts first, then only what differs. Titles of
 * sections are HTML.
 */
export function comparedPage({ what, label, each, more, verdicts, same, said, sections }: Compared): string {
  const rows = each.map((one, i) => [
    `<b>${html(one.label)}</b>`,
    `${html(one.name)}/${html(one.id)}`,
    ...(more[i] ?? []),
  ]);
  const body = [
    `<header><h1>${html(what)} against each other</h1>`,
    `<div class="tight">${table([], rows, { label })}</div>`,
    ...verdicts.map(({ verdict, text }) => verdictLine(verdict, text)),
    `<p class="soft">The same in all: ${html(same)}. The baseline is ${html(each[0]?.label ?? '')}. ${html(said)}</p></header>`,
    `<main>${sections.map(({ title, body }) => `<section><h2>${title}</h2>${body}</section>`).join('\n')}</main>`,
  ];
  const names = each.slice(0, 4).map((one) => `${one.label} ${one.name}/${one.id}`);
  return pageOf(`${names.join(' · ')}: comparison`, body.join('\n'), RUN_STYLE);
}

const MARKS = { better: '✓', worse: '✗', refused: '!', 'no difference shown': '=' } as const;

/** A verdict told by its word and its sign, not by its colour alone. */
function verdictLine(verdict: keyof typeof MARKS, text: string): string {
  const cls = verdict === 'better' ? 'good' : verdict === 'worse' ? 'bad' : '';
  return `<p class="say"><span class="status ${cls}">${MARKS[verdict]} ${html(verdict)}</span> ${html(text)}</p>`;
}

/** Cells that are safe to print. The first row is the head, its first cell the title again. */
export function sectionTable(rows: readonly (readonly string[])[], label: string): string {
  const [head = [], ...body] = rows;
  const cells = body.map((row) => row.map(html));
  return `<div class="tight">${table(['', ...head.slice(1).map(html)], cells, { label })}</div>`;
}
