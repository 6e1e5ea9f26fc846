import type { Command } from 'commander';
import { EXIT } from '../errors.ts';
import { collect, exits } from './command.ts';

export const checkRun = (mlx: Command): Command =>
  mlx
    .command('check-run')
    .description(
      'hold a finished run against its gates: `expect:` of its config and --expect; exit code 1 where one fails',
    )
    .argument('<run>', 'run id, <name>/<run-id>, or its folder')
    .option(
      '--expect <gate>',
      'e.g. "test.accuracy >= baseline - 0.005" or "peak_rss_bytes <= 600e6" (repeatable)',
      collect,
      [],
    )
    .option('--baseline <run>', 'what `baseline` means in a gate')
    .option('--experiments <folder>', 'where run folders are', 'experiments')
    .option('--json', 'one JSON object on stdout')
    .option('--junit', 'a JUnit report on stdout')
    .option('--markdown', 'fit for a comment of a pull request')
    .action(exits(work));

interface CheckRunOptions {
  readonly experiments: string;
  readonly expect: string[];
  readonly baseline?: string;
  readonly json?: boolean;
  readonly junit?: boolean;
  readonly markdown?: boolean;
}

/** Exit code 1 where a gate fails. */
async function work(run: string, options: CheckRunOptions): Promise<number> {
  const [{ gateJunit, gateLines, gateMarkdown }, { checkRun }] = await Promise.all([
    import('../report/gates.ts'),
    import('../study/check-run.ts'),
  ]);
  const result = await checkRun(run, options);
  if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else if (options.junit) process.stdout.write(gateJunit(result));
  else if (options.markdown) process.stdout.write(gateMarkdown(result));
  else process.stdout.write(`${gateLines(result).join('\n')}\n`);
  return result.passed ? EXIT.done : EXIT.expectation;
}
