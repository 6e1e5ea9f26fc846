import { join } from 'node:path';
import { EXIT } from '../errors.ts';
import {
  FILES,
  findRun,
  readBrief,
  readExhibits,
  readExplanations,
  readRun,
  writeAtomically,
} from '../record/index.ts';
import { escapeText } from '../report/escape.ts';
import { runPage } from '../report/run-page/index.ts';

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

/** `mlx report`: the page anew, of any run: one that was stopped, failed, or made by an earlier version. @returns the exit code */
export async function report(
  run: string,
  { experiments, out }: { readonly experiments: string; readonly out?: string },
): Promise<number> {
  const folder = await findRun(experiments, run);
  const page = out ?? join(folder, FILES.report);
  await drawReport(folder, page);
  process.stdout.write(`${escapeText(page)}\n`);
  return EXIT.done;
}
