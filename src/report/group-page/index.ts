import { counted } from '../../base/words.ts';
import { resultExhibits } from '../../protocol/exhibits-codec.ts';
import type { GroupRecord } from '../../record/index.ts';
import type { GroupResult } from '../../study/groups/result.ts';
import type { GroupShown, GroupWords } from '../../study/groups/view.ts';
import { clock, engineLabel, metric, runId } from '../format.ts';
import { groupMark, MARKS, memberText, replicatesText, shownPart } from '../group.ts';
import { html, table } from '../page/html.ts';
import { pageOf } from '../page/page.ts';
import { configSection } from '../run-page/config.ts';
import { drawnExhibits } from '../run-page/exhibits.ts';
import { titled, whisker } from '../run-page/parts.ts';
import { RUN_STYLE } from '../run-page/style.ts';

/** What the page of a group is drawn from; all of it may be anybody's. */
export interface GroupPage {
  readonly record: GroupRecord;
  readonly status: string;
  readonly result: GroupResult;
  readonly shown?: GroupShown;
}

/**
 * `report.html` of several runs of one config: what they tell together, then each; '' of a part that there is
 * nothing for.
 */
export function groupPage({ record, status, result, shown: { words } = {} }: GroupPage): string {
  const parts = [
    metricsOf(result, words),
    ...drawnExhibits(resultExhibits(result, words?.confusion)),
    runsOf(result, words),
    configSection({ record: { config: record.config, resolved: record.resolved } }),
  ].filter(Boolean);
  const body = [
    `<header>${headOf(record, status, result)}</header>`,
    `<main>${parts.map((part) => `<section>${part}</section>`).join('\n')}</main>`,
  ];
  return pageOf(`${record.name} ${record.id}: report`, body.join('\n'), RUN_STYLE);
}

function headOf(
  { name, id, note, tags, problems }: GroupRecord,
  status: string,
  result: GroupResult,
): string {
  const { completed, runs, kind, seconds, engine } = result;
  const facts = [
    html(kind.replaceAll('_', ' ')),
    completed === runs ? counted(runs, 'run') : `${completed} of ${counted(runs, 'run')}`,
    clock(seconds),
    ...(engine ? [html(engineLabel(engine))] : []),
  ];
  const mark = groupMark(result);
  const marks = tags.map((tag) => `<span class="status">${html(tag)}</span>`).join('');
  const gates = (result.expectations ?? []).map(
    (e) =>
      `<p class="gate"><b class="${e.passed ? 'good-text' : 'bad-text'}">${e.passed ? '✓' : '✗'}</b> <code>${html(e.text)}</code> <span class="soft">found ${metric(e.found)}</span></p>`,
  );
  const simpler =
    typeof result.baselines?.text === 'string'
      ? `<p class="say"><span class="soft">Simpler model</span> ${html(result.baselines.text)}</p>`
      : '';
  return `<h1>${html(name)} <span class="soft">${html(id)}</span><span class="status ${mark === '✓' ? 'good' : 'bad'}">${mark} ${html(status)}</span>${marks}</h1>
<p class="facts">${facts.join(' · ')}</p>${note ? `<p class="say">${html(note)}</p>` : ''}
${simpler}${gates.join('')}${problems.map((problem) => `<p class="bad-text">${html(problem)}</p>`).join('')}`;
}

function metricsOf(result: GroupResult, words: GroupWords | undefined): string {
  const part = shownPart(result);
  if (!part) return '';
  const rows = Object.entries(result.metrics[part]!).map(([name, found]) => {
    const numbers = found.values.filter((v) => v !== null);
    const ends = [...numbers, ...(found.interval ?? []), ...(found.value === null ? [] : [found.value])];
    return [
      html(name.replaceAll('_', ' ')),
      html(replicatesText(found)),
      found.value === null
        ? ''
        : whisker(found.value, found.interval, [Math.min(...ends), Math.max(...ends)]),
    ];
  });
  const { method } = result.interval;
  const what = (method === 'out_of_fold' && words?.pooled) || 'Mean';
  const why = `${what} ± standard deviation over the runs [interval]: ${html(result.interval.text)}.`;
  return titled(
    `${part === 'train' ? 'Training' : part === 'test' ? 'Test' : 'Validation'} metrics`,
    'result.json',
    why,
    `<div class="tight">${table(['metric', '', ''], rows, { label: 'metrics' })}</div>`,
  );
}

function runsOf(result: GroupResult, words: GroupWords | undefined): string {
  const part = shownPart(result);
  const metrics = Object.entries((part && result.metrics[part]) ?? {});
  const rows = result.members.map((member, i) => [
    `${MARKS[member.status ?? ''] ?? '·'} ${html(runId(member.run))}`,
    html(member.label),
    ...(memberText(member) === undefined
      ? metrics.map(([, { values }]) => html(metric(values[i] ?? null)))
      : [html(memberText(member)!), ...metrics.slice(1).map(() => '')]),
  ]);
  if (result.final) {
    const { run, status, metrics: own } = result.final;
    rows.push([
      `${MARKS[status ?? ''] ?? '·'} ${html(runId(run))}`,
      words?.apart.page ?? html(result.final.label),
      ...metrics.map(([name]) => html(metric(own?.test?.[name]?.value ?? null))),
    ]);
  }
  const head = ['run', '', ...metrics.map(([name]) => html(name.replaceAll('_', ' ')))];
  return titled(
    'Runs',
    'result.json',
    'Each has a page of its own in its folder.',
    table(head, rows, { numeric: metrics.map((_, i) => i + 2), label: 'runs' }),
  );
}
