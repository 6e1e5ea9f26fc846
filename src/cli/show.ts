import type { Command } from 'commander';
import { EXIT } from '../errors.ts';
import { exits } from './command.ts';

export const show = (mlx: Command): Command =>
  mlx
    .command('show')
    .description('one run: what came of it, what it was made from')
    .argument('<run>', 'run id, <name>/<run-id>, or its folder')
    .option('--experiments <folder>', 'where run folders are', 'experiments')
    .option('--json', 'one JSON object on stdout')
    .action(exits(work));

/** Exit code 0 whatever became of the run. */
async function work(
  run: string,
  { experiments, json }: { readonly experiments: string; readonly json?: boolean },
): Promise<number> {
  const [{ findGroup, findRun, readBrief, readExhibits, readRun }, { runLines }] = await Promise.all([
    import('../record/index.ts'),
    import('../report/run-details.ts'),
  ]);
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
  } else {
    const problems = [...record.problems];
    const exhibits = readExhibits(folder, problems);
    process.stdout.write(`${runLines({ ...record, problems }, brief, exhibits).join('\n')}\n`);
  }
  return EXIT.done;
}

async function showGroup(folder: string, json: boolean): Promise<number> {
  const [{ groupDetails }, { shownAs }, { readGroupResult }] = await Promise.all([
    import('../report/group.ts'),
    import('../study/groups/index.ts'),
    import('../study/groups/open.ts'),
  ]);
  const { record, status, result } = readGroupResult(folder);
  const { tags, note, manifest, problems } = record;
  const group = folder.replaceAll('\\', '/');
  process.stdout.write(
    json
      ? `${JSON.stringify({ group, status, tags, note, started: manifest?.started, result, problems })}\n`
      : `${groupDetails(group, status, record, result, shownAs(result)).join('\n')}\n`,
  );
  return EXIT.done;
}
