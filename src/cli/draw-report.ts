import { join } from 'node:path';
import {
  FILES,
  readBrief,
  readExhibits,
  readExplanations,
  readRun,
  writeAtomically,
} from '../record/index.ts';
import { groupPage } from '../report/group-page/index.ts';
import { runPage } from '../report/run-page/index.ts';
import { shownAs } from '../study/groups/index.ts';
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
 * @param result where it is known already; else it is read from the folder
 * @throws MlxError `record-write`
 */
export function drawGroupReport(
  folder: string,
  { out = join(folder, FILES.report), result }: { readonly out?: string; readonly result?: GroupResult } = {},
): Promise<void> {
  const found = readGroupResult(folder);
  const drawn = result ? { ...found, status: result.status, result } : found;
  return writeAtomically(out, groupPage({ ...drawn, shown: shownAs(drawn.result) }));
}
