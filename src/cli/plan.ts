import type { Command } from 'commander';
import { configError, EXIT } from '../errors.ts';
import type { Overrides } from '../pipeline/check.ts';
import type { Plan } from '../plan/index.ts';
import { configured, exits } from './command.ts';

export const plan = (mlx: Command): Command =>
  configured(mlx.command('plan'))
    .description('print the compiled plan without running it')
    .argument('<config>', 'a YAML file')
    .option('--format <format>', 'text | json | dot | onnx (the training step)', 'text')
    .action(exits(work));

type Print = (plan: Plan) => string | Promise<string | Uint8Array>;

const FORMATS: Readonly<Record<string, Print>> = {
  text: async (plan) => (await import('../plan/index.ts')).printPlan(plan),
  json: async (plan) => (await import('../plan/index.ts')).planToJson(plan),
  dot: async (plan) => (await import('../plan/index.ts')).planToDot(plan),
  onnx: async (plan) => (await import('../engines/onnx/export.ts')).programToOnnx(plan, 'train'),
};

/** Reads and prepares the data (shapes may depend on them), compiles, prints; trains nothing. */
async function work(file: string, options: Overrides & { readonly format: string }): Promise<number> {
  const { format } = options;
  const print = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (!print)
    throw configError('usage', `--format takes ${Object.keys(FORMATS).join(', ')}; found "${format}"`);
  const [{ loadConfig }, { prepareExperiment }, { stages }] = await Promise.all([
    import('../config/index.ts'),
    import('../pipeline/prepare.ts'),
    import('../pipeline/stages.ts'),
  ]);
  const quiet = stages(() => {});
  const { plan } = await prepareExperiment(loadConfig(file, options), quiet);
  process.stdout.write(await print(plan));
  return EXIT.done;
}
