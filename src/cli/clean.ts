import { EXIT } from '../errors.ts';
import { cleaningLines } from '../report/cleaning.ts';
import { cleanRuns } from '../study/list/clean.ts';

export interface CleanCliOptions {
  readonly experiments: string;
  readonly where: string[];
  readonly keepBest?: string;
  readonly by?: string;
  readonly checkpoints?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `mlx clean`: says what it would remove, and does so with `--yes`. @returns the exit code */
export async function clean(name: string | undefined, options: CleanCliOptions): Promise<number> {
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
