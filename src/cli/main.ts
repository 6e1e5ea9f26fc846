import { Command, CommanderError } from 'commander';
import { EXIT } from '../errors.ts';
import { cache } from './cache.ts';
import { check } from './check.ts';
import { checkRun } from './check-run.ts';
import { clean } from './clean.ts';
import { compare } from './compare.ts';
import { engines } from './engines.ts';
import { exit, watchStdout } from './exit.ts';
import { explain } from './explain.ts';
import { exportRun } from './export.ts';
import { init } from './init.ts';
import { inspect } from './inspect.ts';
import { learningCurve } from './learning-curve.ts';
import { list } from './list.ts';
import { plan } from './plan.ts';
import { report } from './report.ts';
import { reproduce } from './reproduce.ts';
import { resume } from './resume.ts';
import { run } from './run.ts';
import { schema } from './schema.ts';
import { show } from './show.ts';
import { tag } from './tag.ts';
import { version } from './version.ts';

// ONNX Runtime would keep a device id and a database in the user's cache folder and send what it notes there.
// Set in this thread and before any other is made, because the library reads the process's environment, which
// the other threads can't change.
process.env['ORT_DISABLE_TELEMETRY'] = '1';

/** In the order of `mlx --help`. */
const commands = [
  run,
  resume,
  learningCurve,
  check,
  plan,
  list,
  show,
  report,
  compare,
  exportRun,
  checkRun,
  reproduce,
  explain,
  tag,
  clean,
  engines,
  inspect,
  init,
  cache,
  schema,
];

const program = new Command('mlx')
  .description('One YAML file in, one reproducible experiment folder out. (Not Apple’s MLX.)')
  .version(version(), '-V, --version')
  .showSuggestionAfterError()
  .showHelpAfterError('(mlx --help lists the commands)')
  .exitOverride();
program.addHelpText(
  'after',
  `
Exit codes: 0 done, 1 failed expectation, 2 bad config or usage, 3 data or file error, 4 engine error,
130 interrupted with a checkpoint saved.`,
);

for (const add of commands) add(program);

watchStdout();

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) exit(error.exitCode === 0 ? EXIT.done : EXIT.config);
  else exit((await import('./fail.ts')).fail(error));
}
