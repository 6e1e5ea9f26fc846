import { epochLine } from '../report/plain.ts';
import { reproductionJunit, reproductionLines, reproductionMarkdown } from '../report/reproduction.ts';
import { reproduceRun } from '../study/reproduce/index.ts';
import { REPRODUCE_EXIT } from '../study/reproduce/reproduction.ts';
import type { EarlyThread } from '../train/thread.ts';

export interface ReproduceCliOptions {
  readonly experiments: string;
  readonly quick?: boolean;
  readonly tolerance?: string;
  readonly json?: boolean;
  readonly junit?: boolean;
  readonly markdown?: boolean;
}

/** `mlx reproduce`: epochs go to stderr while it trains. @returns the exit code, one for each verdict */
export async function reproduce(
  run: string,
  options: ReproduceCliOptions,
  threads: EarlyThread,
): Promise<number> {
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
