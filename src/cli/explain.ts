import { configError, EXIT } from '../errors.ts';
import { explainRun } from '../pipeline/explain/index.ts';
import { writeExplanation } from '../record/index.ts';
import { explanationFiles } from '../report/explain/files.ts';
import { explanationJson, explanationLines } from '../report/explain/index.ts';

export interface ExplainCliOptions {
  readonly experiments: string;
  readonly split?: string;
  readonly class?: string;
  readonly json?: boolean;
}

/** `mlx explain`: shows what was found, and keeps it in the run's `explain/`. @returns the exit code */
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
  process.stdout.write(
    json ? `${explanationJson(explanation)}\n` : `${explanationLines(explanation, written).join('\n')}\n`,
  );
  return EXIT.done;
}
