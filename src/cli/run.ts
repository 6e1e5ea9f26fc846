import type { Command } from 'commander';
import { EXIT } from '../errors.ts';
import type { EarlyThread } from '../train/thread.ts';
import { configured, trains } from './command.ts';
import type { ShowOptions } from './training.ts';

export interface RunOptions extends ShowOptions {
  readonly set: string[];
  readonly engine?: string;
  readonly cache: boolean;
  readonly report: boolean;
}

export const run = (mlx: Command): Command =>
  configured(mlx.command('run'))
    .description('train, with a live view; writes experiments/<name>/<run-id>/')
    .argument('<config...>', 'YAML files, run one after the other')
    .option('--experiments <folder>', 'where run folders go', 'experiments')
    .option(
      '--no-cache',
      'prepare the data anew instead of taking what an earlier run prepared from the same files',
    )
    .option('--tensorboard', 'event files for TensorBoard as well, in the run’s folder')
    .option('--no-report', 'draw no report.html; mlx report does it later')
    .option('--no-tui', 'plain lines instead of the live view')
    .option('--charts <tier>', 'braille | blocks | ascii')
    .option('--json', 'newline-delimited events on stdout and nothing else')
    .action(trains(work));

/** All configs are validated before the first one trains. */
async function work(threads: EarlyThread, files: readonly string[], options: RunOptions): Promise<number> {
  const [{ loadConfig, runExperiment }, { askedGroup }, { runGroup }, { grouped, page, report, shown }] =
    await Promise.all([
      import('../pipeline.ts'),
      import('../study/groups/index.ts'),
      import('../study/groups/run.ts'),
      import('./training.ts'),
    ]);
  let code: number = EXIT.done;
  for (const config of files.map((file) => loadConfig(file, options))) {
    const { experiments, cache } = options;
    const group = askedGroup(config);
    const drawn = options.report ? { report, page } : {};
    const ended = group
      ? await grouped(options, threads, (ports) => runGroup(config, group, { ...ports, cache, ...drawn }))
      : await shown(options, (handle, emit) =>
          runExperiment(config, { experiments, cache, handle, threads, emit, ...drawn }),
        );
    if (ended === EXIT.interrupted) return ended;
    if (code === EXIT.done) code = ended;
  }
  return code;
}
