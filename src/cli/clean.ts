import type { Command } from 'commander';
import { EXIT } from '../errors.ts';
import { collect, exits } from './command.ts';

export const clean = (mlx: Command): Command =>
  mlx
    .command('clean')
    .description(
      'remove runs, or only their checkpoints, and what kills have left; says first, does it with --yes',
    )
    .argument('[name]', 'only runs of this experiment')
    .option('--where <condition>', 'only runs like that, as in mlx list (repeatable)', collect, [])
    .option('--keep-best <count>', 'of each experiment the best so many stay; needs --by')
    .option('--by <quantity>', 'what best means, e.g. test.accuracy')
    .option('--checkpoints', 'remove checkpoints only, of completed runs unless --where says which')
    .option('--yes', 'do it')
    .option('--experiments <folder>', 'where run folders are', 'experiments')
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nTagged runs and running ones always stay. A group of runs stays or goes as a whole.',
    )
    .action(exits(work));

interface CleanOptions {
  readonly experiments: string;
  readonly where: string[];
  readonly keepBest?: string;
  readonly by?: string;
  readonly checkpoints?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

async function work(name: string | undefined, options: CleanOptions): Promise<number> {
  const [{ cleaningLines }, { cleanRuns }] = await Promise.all([
    import('../report/cleaning.ts'),
    import('../study/list/clean.ts'),
  ]);
  const { experiments, where, keepBest, by, checkpoints = false, yes = false } = options;
  const cleaning = await cleanRuns({
    experiments,
    where,
    checkpoints,
    yes,
    ...(name !== undefined && { name }),
    ...(keepBest !== undefined && { keepBest: Number(keepBest || Number.NaN) }),
    ...(by !== undefined && { by }),
  });
  if (options.json) process.stdout.write(`${JSON.stringify(cleaning)}\n`);
  else process.stdout.write(`${cleaningLines(cleaning).join('\n')}\n`);
  return EXIT.done;
}
