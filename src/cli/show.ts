import { EXIT } from '../errors.ts';
import { findRun, readBrief, readRun } from '../record/index.ts';
import { runLines } from '../report/run-details.ts';

/** `mlx show`. @returns the exit code: 0 whatever became of the run */
export async function show(
  run: string,
  { experiments, json }: { readonly experiments: string; readonly json?: boolean },
): Promise<number> {
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
