import type { Command } from 'commander';
import type { EarlyThread } from '../train/thread.ts';
import { trains } from './command.ts';

export const reproduce = (mlx: Command): Command =>
  mlx
    .command('reproduce')
    .description('do a run again from its lock, compare bit for bit, name the first thing that diverged')
    .argument('<run>', 'run id, <name>/<run-id>, or its folder')
    .option('--quick', 'the first 20 steps only')
    .option('--tolerance <relative>', 'take numbers this close for equal, e.g. 1e-4')
    .option('--experiments <folder>', 'where run folders are', 'experiments')
    .option('--json', 'one JSON object on stdout')
    .option('--junit', 'a JUnit report on stdout')
    .option('--markdown', 'fit for a comment of a pull request')
    .addHelpText(
      'after',
      '\nExit codes: 0 identical, 10 within tolerance, 11 different, 12 different under another version or engine.',
    )
    .action(trains(work));

interface ReproduceOptions {
  readonly experiments: string;
  readonly quick?: boolean;
  readonly tolerance?: string;
  readonly json?: boolean;
  readonly junit?: boolean;
  readonly markdown?: boolean;
}

/** Epochs go to stderr while it trains. Each verdict has an exit code. */
async function work(threads: EarlyThread, run: string, options: ReproduceOptions): Promise<number> {
  const [
    { epochLine },
    { reproductionJunit, reproductionLines, reproductionMarkdown },
    { reproduceRun },
    { REPRODUCE_EXIT },
  ] = await Promise.all([
    import('../report/plain.ts'),
    import('../report/reproduction.ts'),
    import('../study/reproduce/index.ts'),
    import('../study/reproduce/reproduction.ts'),
  ]);
  let epochs = 0;
  const reproduction = await reproduceRun(run, {
    experiments: options.experiments,
    quick: options.quick ?? false,
    tolerance: options.tolerance === undefined ? null : Number(options.tolerance || Number.NaN),
    threads,
    emit(event) {
      if (event.type === 'run_started') epochs = event.epochs;
      if (event.type === 'epoch') process.stderr.write(`${epochLine(event, epochs)}\n`);
    },
  });
  if (options.json) process.stdout.write(`${JSON.stringify(reproduction)}\n`);
  else if (options.junit) process.stdout.write(reproductionJunit(reproduction));
  else if (options.markdown) process.stdout.write(reproductionMarkdown(reproduction));
  else process.stdout.write(`${reproductionLines(reproduction).join('\n')}\n`);
  return REPRODUCE_EXIT[reproduction.verdict];
}
