import type { Command } from 'commander';
import { EXIT } from '../errors.ts';
import { escapeText } from '../report/escape.ts';
import type { Charts } from '../report/reporter.ts';
import type { Comparison } from '../study/comparison.ts';
import type { GroupComparison } from '../study/groups/compare.ts';
import { chartsOf } from './charts.ts';
import { exits } from './command.ts';

export const compare = (mlx: Command): Command =>
  mlx
    .command('compare')
    .description('what differs between runs, and whether one is better; the first is the baseline')
    .argument('<run...>', 'two runs or more: ids, <name>/<run-id>, or folders')
    .option('--baseline <run>', 'hold the others against this one instead')
    .option('--experiments <folder>', 'where run folders are', 'experiments')
    .option('--charts <tier>', 'braille | blocks | ascii')
    .option('--markdown', 'fit for a comment of a pull request')
    .option('--html <file>', 'a page as well, with curves and the examples that flipped')
    .option('--json', 'one JSON object on stdout, with every flip')
    .action(exits(work));

interface CompareOptions {
  readonly experiments: string;
  readonly baseline?: string;
  readonly charts?: string;
  readonly markdown?: boolean;
  readonly json?: boolean;
  readonly html?: string;
}

/** Exit code 0 whatever the verdict: gates are `mlx check-run`'s. */
async function work(runs: readonly string[], options: CompareOptions): Promise<number> {
  const charts = chartsOf(options.charts) ?? 'braille';
  const { baseline } = options;
  const names = baseline === undefined ? runs : [baseline, ...runs.filter((run) => run !== baseline)];
  const { compareGroups, groupsAmong } = await import('../study/groups/compare.ts');
  const groups = await groupsAmong(options.experiments, names);
  if (groups) await showGroups(await compareGroups(groups), options);
  else await showRuns(names, charts, options);
  return EXIT.done;
}

async function showGroups(found: GroupComparison, { html, json, markdown }: CompareOptions): Promise<void> {
  const { groupComparisonLines, groupComparisonMarkdown } = await import('../report/group-comparison.ts');
  if (html !== undefined) {
    const { groupComparisonPage } = await import('../report/comparison-page/group.ts');
    await savePage(html, groupComparisonPage(found));
  }
  if (json) process.stdout.write(`${JSON.stringify(found)}\n`);
  else if (markdown) process.stdout.write(groupComparisonMarkdown(found));
  else process.stdout.write(`${groupComparisonLines(found).join('\n')}\n`);
}

async function showRuns(names: readonly string[], charts: Charts, options: CompareOptions): Promise<void> {
  const [{ compareRuns }, { comparisonLines }, { comparisonMarkdown }] = await Promise.all([
    import('../study/compare.ts'),
    import('../report/comparison.ts'),
    import('../report/comparison-markdown.ts'),
  ]);
  const comparison = await compareRuns(options.experiments, names);
  if (options.html !== undefined) await drawComparison(comparison, options.html);
  if (options.json) process.stdout.write(`${JSON.stringify(comparison)}\n`);
  else if (options.markdown) process.stdout.write(comparisonMarkdown(comparison));
  else process.stdout.write(`${comparisonLines(comparison, charts).join('\n')}\n`);
}

/** The page, with pictures and rows of the runs' own exhibits. @throws MlxError `record-write` */
async function drawComparison(comparison: Comparison, out: string): Promise<void> {
  const [{ comparisonPage }, { readExhibits }] = await Promise.all([
    import('../report/comparison-page/index.ts'),
    import('../record/index.ts'),
  ]);
  const exhibits = comparison.runs.map(({ folder }) => readExhibits(folder));
  await savePage(out, comparisonPage(comparison, exhibits));
}

/** On stderr, so that stdout stays the comparison's. */
async function savePage(out: string, page: string): Promise<void> {
  const { writeAtomically } = await import('../record/index.ts');
  await writeAtomically(out, page);
  process.stderr.write(`${escapeText(out)}\n`);
}
