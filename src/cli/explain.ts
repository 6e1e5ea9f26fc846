import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { explainRun } from '../ask/explain/index.ts';
import { configError, EXIT } from '../errors.ts';
import { FILES, writeExplanation } from '../record/index.ts';
import { explanationFiles } from '../report/explain/files.ts';
import { explanationJson, explanationLines } from '../report/explain/index.ts';
import { drawReport } from './report.ts';

export interface ExplainCliOptions {
  readonly experiments: string;
  readonly split?: string;
  readonly class?: string;
  readonly json?: boolean;
}

/** `mlx explain`: shows what was found, and keeps it in the run's `explain/` and in its page. @returns the exit code */
export async function explain(
  run: string,
  example: string | undefined,
  { json, class: asked, ...options }: ExplainCliOptions,
): Promise<number> {
  if (example !== undefined && !/^\d{1,15}$/.test(example))
    throw configError(
      'usage',
      `an example is named by its id, a whole number, found ${JSON.stringify(example)}`,
      {
        help: 'ids are the first column of predictions.csv',
      },
    );
  const request = { ...options, class: asked, ...(example !== undefined && { example: Number(example) }) };
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
