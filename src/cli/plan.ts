import { EXIT } from '../errors.ts';
import type { Overrides } from '../pipeline/check.ts';
import { printedPlan } from '../pipeline/plan.ts';

/** `mlx plan`. @returns the exit code */
export async function plan(file: string, options: Overrides & { readonly format: string }): Promise<number> {
  process.stdout.write(await printedPlan(file, options, options.format));
  return EXIT.done;
}
