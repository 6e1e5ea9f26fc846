import { EXIT } from '../errors.ts';
import { findGroup, findRun, readBrief, readRun } from '../record/index.ts';
import { groupDetails } from '../report/group.ts';
import { runLines } from '../report/run-details.ts';
import { viewOf } from '../study/groups/index.ts';
import { readGroupResult } from '../study/groups/open.ts';

/** `mlx show`. @returns the exit code: 0 whatever became of the run */
export async function show(
  run: string,
  { experiments, json }: { readonly experiments: string; readonly json?: boolean },
): Promise<number> {
  const group = await findGroup(experiments, run);
  if (group !== undefined) return showGroup(group, json === true);
  const record = await readRun(await findRun(experiments, run));
  const { name, id, folder } = record;
  const brief = readBrief({ name, id, folder });
  if (json) {
    const { status, tags, note, started, result } = brief;
    const { lock, problems } = record;
    process.stdout.write(
      `${JSON.stringify({ run: folder.replaceAll('\\', '/'), status, tags, note, started, lock, result, problems })}\n`,
    );
  } else process.stdout.write(`${runLines(record, brief).join('\n')}\n`);
  return EXIT.done;
}

function showGroup(folder: string, json: boolean): number {
  const { record, status, result } = readGroupResult(folder);
  const { tags, note, manifest, problems } = record;
  const group = folder.replaceAll('\\', '/');
  process.stdout.write(
    json
      ? `${JSON.stringify({ group, status, tags, note, started: manifest?.started, result, problems })}\n`
      : `${groupDetails(group, status, record, result, viewOf(result)).join('\n')}\n`,
  );
  return EXIT.done;
}
