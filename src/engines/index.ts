import type { Engine } from './engine.ts';

export type * from './engine.ts';

/** Every engine by its name in YAML. Loaded when asked for: `mlx check` needs none of them. */
export const engines: ReadonlyMap<string, () => Promise<Engine>> = new Map([
  ['reference', () => import('./reference/index.ts').then((m) => m.referenceEngine)],
  ['gpujs', () => import('./gpujs/index.ts').then((m) => m.gpujsEngine)],
  ['onnx', () => import('./onnx/index.ts').then((m) => m.onnxEngine)],
]);
