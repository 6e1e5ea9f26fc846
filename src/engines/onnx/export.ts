import { invariant } from '../../errors.ts';
import type { Plan, ProgramName } from '../../plan/index.ts';
import type { State } from '../engine.ts';
import { lower } from './lower/index.ts';

/**
 * The trained model with its preprocessing as one ONNX file (opset 20, standard operators only): input
 * `input` [batch, ...raw shape] f32 as the data source gives it, outputs `scores` and, for classes, `label`
 * i32.
 */
export function exportOnnx(plan: Plan, state: State): Uint8Array {
  const program = plan.programs.predict;
  invariant(program, 'the plan has a program predict');
  return lower(program.graph, '', { standard: true, weights: state, rename: { x: 'input' } }).bytes;
}

/** One program as the engine runs it, weights and all other state as inputs: `mlx plan --format onnx`. */
export function programToOnnx(plan: Plan, name: ProgramName): Uint8Array {
  const program = plan.programs[name];
  invariant(program, `the plan has a program ${name}`);
  return lower(program.graph, 'next:', {}).bytes;
}
