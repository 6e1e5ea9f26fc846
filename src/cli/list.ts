import type { Command } from 'commander';
import { EXIT } from '../errors.ts';
import { collect, exits } from './command.ts';

export const list = (mlx: Command): Command =>
  mlx
    .command('list')
    .description('what is in experiments/: one line a run')
    .argument('[name]', 'only runs of this experiment')
    .option('--where <condition>', 'e.g. "test.accuracy > 0.97 and tag == best" (repeatable)', collect, [])
    .option('--sort <quantity>', 'e.g. -test.accuracy, largest first; name,started', collect, [])
    .option('--columns <names>', 'quantities to show, separated by commas')
    .option('--members', 'the runs of groups as well (of seeds: 5), not only their means')
    .option('--experiments <folder>', 'where run folders are', 'experiments')
    .option('--json', 'one JSON object a run on stdout')
    .option('--csv', 'every quantity of every run as CSV')
    .action(exits(work));

interface ListOptions {
  readonly experiments: string;
  readonly where: string[];
  readonly sort: string[];
  readonly columns?: string;
  /** The runs of groups as well. */
  readonly members?: boolean;
  readonly json?: boolean;
  readonly csv?: boolean;
}

async function work(name: string | undefined, options: ListOptions): Promise<number> {
  const [{ listCsv, listJson, listLines }, { listExperiments }] = await Promise.all([
    import('../report/runs.ts'),
    import('../study/list/list.ts'),
  ]);
  const { experiments, where, sort } = options;
  const runs = await listExperiments(experiments, {
    where,
    sort,
    ...(options.members && { members: true }),
    ...(name !== undefined && { name }),
  });
  if (options.json) process.stdout.write(listJson(runs));
  else if (options.csv) process.stdout.write(listCsv(runs));
  else if (runs.length === 0)
    process.stderr.write(where.length > 0 ? 'no run is like that\n' : `no runs in ${experiments}\n`);
  else {
    const columns =
      options.columns
        ?.split(',')
        .map((c) => c.trim())
        .filter(Boolean) ?? [];
    process.stdout.write(`${listLines(runs, columns).join('\n')}\n`);
  }
  return EXIT.done;
}
