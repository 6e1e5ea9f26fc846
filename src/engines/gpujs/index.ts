import type { Engine } from '../engine.ts';
import { GpuSession } from './session.ts';

/**
 * Runs each program of a plan as pipelines of gpu.js: on a GPU where there is one, on WebAssembly threads
 * elsewhere.
 */
export const gpujsEngine: Engine = {
  type: 'gpujs',
  tolerance: 2e-5,
  open: GpuSession.open,
};
