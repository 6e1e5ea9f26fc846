import { EXIT } from '../errors.ts';
import { gateJunit, gateLines, gateMarkdown } from '../report/gates.ts';
import { checkRun as checked } from '../study/check-run.ts';

export interface CheckRunCliOptions {
  readonly experiments: string;
  readonly expect: string[];
  readonly baseline?: string;
  readonly json?: boolean;
  readonly junit?: boolean;
  readonly markdown?: boolean;
}

/** `mlx check-run`. @returns the exit code: 1 where a gate fails */
export async function checkRun(run: string, options: CheckRunCliOptions): Promise<number> {
  const result = await checked(run, options);
  if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else if (options.junit) process.stdout.write(gateJunit(result));
  else if (options.markdown) process.stdout.write(gateMarkdown(result));
  else process.stdout.write(`${gateLines(result).join('\n')}\n`);
  return result.passed ? EXIT.done : EXIT.expectation;
}
