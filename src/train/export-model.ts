import type { State } from '../engines/engine.ts';
import type { Plan } from '../plan/index.ts';
import type { Decision } from '../protocol/decision.ts';
import { decisionState } from './decision.ts';

/** The trained model with its preprocessing, calibration and threshold, raw input in, as an ONNX file. */
export async function exportModel(plan: Plan, state: State, decision: Decision): Promise<Uint8Array> {
  const { exportOnnx } = await import('../engines/onnx/export.ts');
  return exportOnnx(plan, new Map([...state, ...decisionState(decision)]));
}
