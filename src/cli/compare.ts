import { EXIT } from '../errors.ts';
import { readExhibits, writeAtomically } from '../record/index.ts';
import { comparisonLines } from '../report/comparison.ts';
import { comparisonMarkdown } from '../report/comparison-markdown.ts';
import { escapeText } from '../report/escape.ts';
import { groupComparisonLines, groupComparisonMarkdown } from '../report/group-comparison.ts';
import { compareRuns } from '../study/compare.ts';
import type { Comparison } from '../study/comparison.ts';
import { compareGroups, groupsAmong } from '../study/groups/compare.ts';
import { chartsOf } from './charts.ts';

export interface CompareOptions {
  readonly experiments: string;
  readonly baseline?: string;
  readonly charts?: string;
  readonly markdown?: boolean;
  readonly json?: boolean;
  readonly html?: string;
}

/** `mlx compare`. @returns the exit code: 0 whatever the verdict, gates are `mlx check-run`'s */
export async function compare(runs: readonly string[], options: CompareOptions): Promise<number> {
  const charts = chartsOf(options.charts) ?? 'braille';
  const { baseline } = options;
  const names = baseline === undefined ? runs : [baseline, ...runs.filter((run) => run !== baseline)];
  const groups = await groupsAmong(options.experiments, names);
  if (groups) {
    const found = await compareGroups(groups);
    if (options.html !== undefined) {
      const { groupComparisonPage } = await import('../report/comparison-page/group.ts');
      await savePage(options.html, groupComparisonPage(found));
    }
    if (options.json) process.stdout.write(`${JSON.stringify(found)}\n`);
    else if (options.markdown) process.stdout.write(groupComparisonMarkdown(found));
    else process.stdout.write(`${groupComparisonLines(found).join('\n')}\n`);
    return EXIT.done;
  }
  const comparison = await compareRuns(options.experiments, names);
  if (options.html !== undefined) await drawComparison(comparison, options.html);
  if (options.json) process.stdout.write(`${JSON.stringify(comparison)}\n`);
  else if (options.markdown) process.stdout.write(comparisonMarkdown(comparison));
  else process.stdout.write(`${comparisonLines(comparison, charts).join('\n')}\n`);
  return EXIT.done;
}

/** The page, with pictures and rows of the runs' own exhibits. @throws MlxError `record-write` */
async function drawComparison(comparison: Comparison, out: string): Promise<void> {
  const { comparisonPage } = await import('../report/comparison-page/index.ts');
  const exhibits = comparison.runs.map(({ folder }) => readExhibits(folder));
  await savePage(out, comparisonPage(comparison, exhibits));
}

/** On stderr, so that stdout stays the comparison's. */
async function savePage(out: string, page: string): Promise<void> {
  await writeAtomically(out, page);
  process.stderr.write(`${escapeText(out)}\n`);
}
