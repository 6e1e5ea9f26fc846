import type { Engine } from '../engine.ts';
import { warmUp } from './runtime.ts';
import { OnnxSession } from './session.ts';

export { exportOnnx } from './export.ts';

/**
 * Runs each program of a plan as one ONNX graph, gradients and optimizer inside, with ONNX Runtime on the
 * CPU.
 */
export const onnxEngine: Engine = {
  type: 'onnx',
  tolerance: 1e-5,
  preload: warmUp,
  open: OnnxSession.open,
};
