import { Command, CommanderError } from 'commander';
import { dataError, EXIT } from '../errors.ts';
import type { EarlyThread } from '../train/thread.ts';
import { version } from './version.ts';

// ONNX Runtime would keep a device id and a database in the user's cache folder and send what it notes there. Set in this thread and before
// any other is made, because the library reads the process's environment, which the other threads can't change.
process.env['ORT_DISABLE_TELEMETRY'] = '1';

/** Repeatable option: collects values in order. */
const collect = (value: string, all: string[]): string[] => [...all, value];

/** Options of every command that reads a config. */
const configured = (command: Command): Command =>
  command
    .option(
      '--set <path=value>',
      'override one field, e.g. --set optimizer.learning_rate=0.01 (repeatable)',
      collect,
      [],
    )
    .option('--engine <engine>', 'short for --set engine=<engine>');

/** Starts the training thread first of all: it loads its code while this one loads the command's. */
async function training(command: (threads: EarlyThread) => Promise<number>): Promise<void> {
  const threads = new (await import('../train/thread.ts')).EarlyThread();
  try {
    exit(await command(threads));
  } finally {
    await threads.drop();
  }
}

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

configured(program.command('run'))
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
  .action((files: string[], options) =>
    training(async (threads) => (await import('./run.ts')).run(files, options, threads)),
  );

program
  .command('resume')
  .description('go on from the last checkpoint of an interrupted run, or group of runs')
  .argument('<run>', 'id of a run or a group, <name>/<id>, or its folder')
  .option('--experiments <folder>', 'where run folders are', 'experiments')
  .option('--tensorboard', 'event files for TensorBoard as well, in the run’s folder')
  .option('--no-tui', 'plain lines instead of the live view')
  .option('--charts <tier>', 'braille | blocks | ascii')
  .option('--json', 'newline-delimited events on stdout and nothing else')
  .action((run: string, options) =>
    training(async (threads) => (await import('./run.ts')).resume(run, options, threads)),
  );

configured(program.command('learning-curve'))
  .description('train on growing parts of the training rows: would more data help, or a larger model?')
  .argument('<config>', 'a YAML file')
  .option('--sizes <percentages>', 'shares of the training part; 100 is always among them', '10,20,40,70,100')
  .option('--seeds <count>', 'runs at each size; those of the config, else 3')
  .option('--metric <name>', 'the metric to look at; the first of the config when left out')
  .option('--equal-steps', 'as many steps at each size, by more epochs over fewer rows')
  .option(
    '--experiments <folder>',
    'where run folders go; finished sizes there are not trained again',
    'experiments',
  )
  .option('--no-cache', 'prepare the data anew instead of taking what an earlier run prepared')
  .option('--no-tui', 'plain lines instead of the live view')
  .option('--charts <tier>', 'braille | blocks | ascii')
  .option('--json', 'one JSON object on stdout')
  .option('--markdown', 'fit for a comment of a pull request')
  .action((file: string, options) =>
    training(async (threads) =>
      (await import('./learning-curve.ts')).learningCurveCommand(file, options, threads),
    ),
  );

configured(program.command('check'))
  .description('validate only: every error at once; then shapes and parameters')
  .argument('<config...>', 'YAML files')
  .option('--data', 'read the data as well: shapes that depend on them, and the leakage audit')
  .option('--json', 'one JSON object a file on stdout')
  .action(async (files: string[], options) => exit(await (await import('./check.ts')).check(files, options)));

configured(program.command('plan'))
  .description('print the compiled plan without running it')
  .argument('<config>', 'a YAML file')
  .option('--format <format>', 'text | json | dot | onnx (the training step)', 'text')
  .action(async (file: string, options) => exit(await (await import('./plan.ts')).plan(file, options)));

program
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
  .action(async (name: string | undefined, options) =>
    exit(await (await import('./list.ts')).list(name, options)),
  );

program
  .command('show')
  .description('one run: what came of it, what it was made from')
  .argument('<run>', 'run id, <name>/<run-id>, or its folder')
  .option('--experiments <folder>', 'where run folders are', 'experiments')
  .option('--json', 'one JSON object on stdout')
  .action(async (run: string, options) => exit(await (await import('./show.ts')).show(run, options)));

program
  .command('report')
  .description('draw the page of a run anew; a completed one has it already: report.html in its folder')
  .argument('<run>', 'run id, <name>/<run-id>, or its folder')
  .option('--out <file>', 'where the page goes; report.html in the run’s folder when left out')
  .option('--experiments <folder>', 'where run folders are', 'experiments')
  .action(async (run: string, options) => exit(await (await import('./report.ts')).report(run, options)));

program
  .command('compare')
  .description('what differs between runs, and whether one is better; the first is the baseline')
  .argument('<run...>', 'two runs or more: ids, <name>/<run-id>, or folders')
  .option('--baseline <run>', 'hold the others against this one instead')
  .option('--experiments <folder>', 'where run folders are', 'experiments')
  .option('--charts <tier>', 'braille | blocks | ascii')
  .option('--markdown', 'fit for a comment of a pull request')
  .option('--html <file>', 'a page as well, with curves and the examples that flipped')
  .option('--json', 'one JSON object on stdout, with every flip')
  .action(async (runs: string[], options) =>
    exit(await (await import('./compare.ts')).compare(runs, options)),
  );

program
  .command('export')
  .description(
    'a run for other tools: its metrics as a table, for TensorBoard, or all of it to an MLflow server',
  )
  .argument('<run>', 'run id, <name>/<run-id>, or its folder')
  .argument('<target>', 'a file; a folder for tensorboard; a server’s address for mlflow')
  .requiredOption('--to <kind>', 'csv | parquet | tensorboard | mlflow')
  .option('--no-artifacts', 'mlflow: numbers and config alone, no files')
  .option('--experiments <folder>', 'where run folders are', 'experiments')
  .action(async (run: string, target: string, options) =>
    exit(await (await import('./export.ts')).exportRun(run, target, options)),
  );

program
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
  .action(async (run: string, options) =>
    exit(await (await import('./check-run.ts')).checkRun(run, options)),
  );

program
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
  .action((run: string, options) =>
    training(async (threads) => (await import('./reproduce.ts')).reproduce(run, options, threads)),
  );

program
  .command('explain')
  .description('what a finished model looks at: importances, typical and wrong examples; or why one example')
  .argument('<run>', 'run id, <name>/<run-id>, or its folder')
  .argument('[example]', 'id of one example, the first column of predictions.csv')
  .option('--split <part>', 'validation | test | train; validation where there is one, else test')
  .option('--class <name>', 'of one example: the class to explain; the predicted one when left out')
  .option('--experiments <folder>', 'where run folders are', 'experiments')
  .option('--json', 'one JSON object on stdout')
  .action(async (run: string, example: string | undefined, options) =>
    exit(await (await import('./explain.ts')).explain(run, example, options)),
  );

program
  .command('tag')
  .description('mark a run with words and a note of your own')
  .argument('<run>', 'run id, <name>/<run-id>, or its folder')
  .argument('[tags...]', 'words to add')
  .option('--remove <tag>', 'a word to take away (repeatable)', collect, [])
  .option('--note <text>', 'replaces the note; "" takes it away')
  .option('--experiments <folder>', 'where run folders are', 'experiments')
  .action(async (run: string, tags: string[], options) =>
    exit(await (await import('./tag.ts')).tag(run, tags, options)),
  );

program
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
  .action(async (name: string | undefined, options) =>
    exit(await (await import('./clean.ts')).clean(name, options)),
  );

program
  .command('engines')
  .description(
    'what can compute here: every engine and mode, its device, why one is missing, and how fast each is',
  )
  .option('--no-measure', 'list only; measure nothing')
  .option('--threads <count>', 'threads for onnx and webasm; all by default')
  .option('--json', 'one JSON object an engine on stdout')
  .action(async (options) => exit(await (await import('./engines.ts')).listEngines(options)));

program
  .command('inspect')
  .description('look at the data before training: a summary here, and a page with pictures')
  .argument('<config|file>', 'a YAML file, or a csv, tsv, parquet or json file (or its https:// address)')
  .option('--target <column>', 'of a data file: what is to be predicted; guessed when left out')
  .option('--out <file>', 'where the page goes; <name>.inspect.html when left out')
  .option('--no-html', 'the summary alone')
  .option('--set <path=value>', 'override one field of a config (repeatable)', collect, [])
  .option('--json', 'everything that was found as one JSON object on stdout, and no page')
  .action(async (file: string, options) => exit(await (await import('./inspect.ts')).inspect(file, options)));

program
  .command('init')
  .description('write a first config for a table, or for a folder of them; or copy one that comes with mlx')
  .argument('[data]', 'a csv, tsv, parquet or json file or its https:// address, or a folder')
  .option('--target <column>', 'what to predict; guessed when left out')
  .option('--out <file>', 'the file to write; named after the data when left out')
  .option('--template <name>', 'a config that comes with mlx, e.g. mnist-cnn')
  .option('--list', 'list these')
  .option('--force', 'overwrite the file')
  .action(async (data: string | undefined, options) =>
    exit(await (await import('./init.ts')).init(data, options)),
  );

program
  .command('cache')
  .description('what is kept of prepared tables and downloads, and where')
  .argument('[part...]', 'with --clean: prepared, downloads, fashion-mnist; all when left out')
  .option('--clean', 'take it away: it is made or downloaded again when it is needed')
  .option('--json', 'one JSON object a file on stdout')
  .action(async (parts: string[], options) => {
    const { cache, clean } = await import('./cache.ts');
    exit(options.clean ? clean(parts) : cache(options));
  });

program
  .command('schema')
  .description('JSON Schema of the config file, for editors')
  .option('--out <file>', 'write it there instead of to stdout')
  .action(async (options) => exit(await (await import('./schema.ts')).schema(options)));

/** What stdout has lost: its disk is full, say. */
let lost: NodeJS.ErrnoException | null = null;

/** Sets the exit code and lets Node end by itself, so that pipes are flushed. */
function exit(code: number): void {
  process.exitCode = code === EXIT.done && lost ? EXIT.data : code;
}

/** A reader that closed its end of the pipe early (`mlx plan x | head`) is no error, and nothing ends a training. */
process.stdout.on('error', async (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED' || lost) return;
  lost = error;
  process.exitCode ||= EXIT.data;
  const { fail } = await import('./fail.ts');
  fail(
    dataError('output', `can't write to stdout: ${error.message}`, {
      help: 'send it elsewhere',
      cause: error,
    }),
  );
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) exit(error.exitCode === 0 ? EXIT.done : EXIT.config);
  else exit((await import('./fail.ts')).fail(error));
}
