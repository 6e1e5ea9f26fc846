import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { configError, EXIT } from '../errors.ts';
import { exits } from './command.ts';

export const explain = (mlx: Command): Command =>
  mlx
    .command('explain')
    .description(
      'what a finished model looks at: importances, typical and wrong examples; or why one example',
    )
    .argument('<run>', 'run id, <name>/<run-id>, or its folder')
    .argument('[example]', 'id of one example, the first column of predictions.csv')
    .option('--split <part>', 'validation | test | train; validation where there is one, else test')
    .option('--class <name>', 'of one example: the class to explain; the predicted one when left out')
    .option('--experiments <folder>', 'where run folders are', 'experiments')
    .option('--json', 'one JSON object on stdout')
    .action(exits(work));

interface ExplainOptions {
  readonly experiments: string;
  readonly split?: string;
  readonly class?: string;
  readonly json?: boolean;
}

/** Shows what was found, and keeps it in the run's `explain/` and in its page. */
async function work(
  run: string,
  example: string | undefined,
  { json, class: name, ...options }: ExplainOptions,
): Promise<number> {
  if (example !== undefined && !/^\d{1,15}$/.test(example))
    throw configError(
      'usage',
      `an example is named by its id, a whole number, found ${JSON.stringify(example)}`,
      {
        help: 'ids are the first column of predictions.csv',
      },
    );
  const request = { ...options, class: name, ...(example !== undefined && { example: Number(example) }) };
  const [
    { explainRun },
    { FILES, writeExplanation },
    { explanationFiles },
    { explanationJson, explanationLines },
    { drawReport },
  ] = await Promise.all([
    import('../ask/explain/index.ts'),
    import('../record/index.ts'),
    import('../report/explain/files.ts'),
    import('../report/explain/index.ts'),
    import('./draw-report.ts'),
  ]);
  const { explanation, folder } = await explainRun(run, request);
  const written: string[] = [];
  for (const { name, bytes } of explanationFiles(explanation))
    written.push(await writeExplanation(folder, name, bytes));
  // A page that there is shows what was found; where none was wanted, none is made.
  if (existsSync(join(folder, FILES.report))) {
    await drawReport(folder);
    written.push(FILES.report);
  }
  process.stdout.write(
    json ? `${explanationJson(explanation)}\n` : `${explanationLines(explanation, written).join('\n')}\n`,
  );
  return EXIT.done;
}
