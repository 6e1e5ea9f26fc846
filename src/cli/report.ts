import { join } from 'node:path';
import { EXIT } from '../errors.ts';
import {
  FILES,
  findGroup,
  findRun,
  readBrief,
  readExhibits,
  readExplanations,
  readRun,
  writeAtomically,
} from '../record/index.ts';
import { escapeText } from '../report/escape.ts';
import { groupPage } from '../report/group-page/index.ts';
import { runPage } from '../report/run-page/index.ts';
import { readGroupResult } from '../study/groups/open.ts';
import type { GroupResult } from '../study/groups/result.ts';

/** Draws a run's page from what its folder has. @throws MlxError `record-write` */
export async function drawReport(folder: string, out = join(folder, FILES.report)): Promise<void> {
  const record = await readRun(folder);
  const { name, id } = record;
  const brief = readBrief({ name, id, folder });
  const problems = [...record.problems];
  const exhibits = readExhibits(folder, problems);
  const explanations = readExplanations(folder, problems);
  const status = record.result?.status ?? brief.status;
  const page = runPage({
    record: { ...record, problems },
    brief: { ...brief, status },
    exhibits,
    explanations,
  });
  await writeAtomically(out, page);
}

/**
 * The same of several runs of one config.
 * @param result by whoever works on the group; else what its folder tells
 * @throws MlxError `record-write`
 */
export function drawGroupReport(
  folder: string,
  { out = join(folder, FILES.report), result }: { readonly out?: string; readonly result?: GroupResult } = {},
): Promise<void> {
  const found = readGroupResult(folder);
  return writeAtomically(out, groupPage(result ? { ...found, status: result.status, result } : found));
}

/** `mlx report`: the page anew, of any run: one that was stopped, failed, or made by an earlier version. @returns the exit code */
export async function report(
  run: string,
  { experiments, out }: { readonly experiments: string; readonly out?: string },
): Promise<number> {
  const group = await findGroup(experiments, run);
  const folder = group ?? (await findRun(experiments, run));
  const page = out ?? join(folder, FILES.report);
  await (group === undefined ? drawReport(folder, page) : drawGroupReport(folder, { out: page }));
  process.stdout.write(`${escapeText(page)}\n`);
  return EXIT.done;
}
