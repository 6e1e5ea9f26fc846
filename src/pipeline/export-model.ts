import type { State } from '../engines/engine.ts';
import type { Plan } from '../plan/index.ts';

/** The trained model with its preprocessing, raw input in, as an ONNX file. */
export async function exportModel(plan: Plan, state: State): Promise<Uint8Array> {
  const { exportOnnx } = await import('../engines/onnx/export.ts');
  return exportOnnx(plan, state);
}
