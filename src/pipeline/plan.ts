import { loadConfig } from '../config/index.ts';
import { configError } from '../errors.ts';
import { planToDot, planToJson, printPlan } from '../plan/index.ts';
import type { Overrides } from './check.ts';
import { prepareExperiment } from './prepare.ts';
import { stages } from './stages.ts';

const formats = { text: printPlan, json: planToJson, dot: planToDot } as const;

/** Reads and prepares the data (shapes may depend on it), compiles, prints; trains nothing. */
export async function planText(file: string, overrides: Overrides, format: string): Promise<string> {
  if (!Object.hasOwn(formats, format))
    throw configError('usage', `--format takes ${Object.keys(formats).join(', ')}; found "${format}"`);
  const { plan } = await prepareExperiment(
    loadConfig(file, overrides),
    stages(() => {}),
  );
  return formats[format as keyof typeof formats](plan);
}
