import { loadConfig } from '../config/index.ts';
import { configError } from '../errors.ts';
import { type Plan, planToDot, planToJson, printPlan } from '../plan/index.ts';
import type { Overrides } from './check.ts';
import { prepareExperiment } from './prepare.ts';
import { stages } from './stages.ts';

const formats: Readonly<Record<string, (plan: Plan) => string | Promise<Uint8Array>>> = {
  text: printPlan,
  json: planToJson,
  dot: planToDot,
  onnx: async (plan) => (await import('../engines/onnx/export.ts')).programToOnnx(plan, 'train'),
};

/** Reads and prepares the data (shapes may depend on it), compiles, prints; trains nothing. */
export async function printedPlan(
  file: string,
  overrides: Overrides,
  format: string,
): Promise<string | Uint8Array> {
  const print = Object.hasOwn(formats, format) ? formats[format] : undefined;
  if (!print)
    throw configError('usage', `--format takes ${Object.keys(formats).join(', ')}; found "${format}"`);
  const { plan } = await prepareExperiment(
    loadConfig(file, overrides),
    stages(() => {}),
  );
  return print(plan);
}
