import type { EngineName } from '../protocol/engine-names.ts';
import type { Engine } from './engine.ts';

export type * from './engine.ts';

/** Each is loaded when it is asked for: `mlx check` needs none of them. */
const loaders: Readonly<Record<EngineName, () => Promise<Engine>>> = {
  reference: () => import('./reference/index.ts').then((m) => m.referenceEngine),
  gpujs: () => import('./gpujs/index.ts').then((m) => m.gpujsEngine),
  onnx: () => import('./onnx/index.ts').then((m) => m.onnxEngine),
};

export const engines: ReadonlyMap<string, () => Promise<Engine>> = new Map(Object.entries(loaders));
