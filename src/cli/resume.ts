import type { Command } from 'commander';
import type { EarlyThread } from '../train/thread.ts';
import { trains } from './command.ts';
import type { ShowOptions } from './training.ts';

export const resume = (mlx: Command): Command =>
  mlx
    .command('resume')
    .description('go on from the last checkpoint of an interrupted run, or group of runs')
    .argument('<run>', 'id of a run or a group, <name>/<id>, or its folder')
    .option('--experiments <folder>', 'where run folders are', 'experiments')
    .option('--tensorboard', 'event files for TensorBoard as well, in the run’s folder')
    .option('--no-tui', 'plain lines instead of the live view')
    .option('--charts <tier>', 'braille | blocks | ascii')
    .option('--json', 'newline-delimited events on stdout and nothing else')
    .action(trains(work));

async function work(threads: EarlyThread, run: string, options: ShowOptions): Promise<number> {
  const [{ resumeExperiment }, { findGroup }, { resumeGroup }, { grouped, page, report, shown }] =
    await Promise.all([
      import('../pipeline.ts'),
      import('../record/index.ts'),
      import('../study/groups/run.ts'),
      import('./training.ts'),
    ]);
  const { experiments } = options;
  const group = await findGroup(experiments, run);
  return group === undefined
    ? shown(options, (handle, emit) => resumeExperiment(run, { experiments, handle, threads, emit, report }))
    : grouped(options, threads, (ports) => resumeGroup(group, { ...ports, report, page }));
}
