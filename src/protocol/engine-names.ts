/** Engines by the names that YAML, locks and results give them. */
export const ENGINE_NAMES = ['onnx', 'gpujs', 'reference'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/** gpu.js's modes, best first. */
export const GPUJS_MODES = ['webgpu', 'headlessgl', 'webasm', 'cpu'] as const;
export type GpujsMode = (typeof GPUJS_MODES)[number];

/** `fast` may depend on the machine class; `portable` gives the same bits on every CPU tried. */
export const LAYOUTS = ['fast', 'portable'] as const;
export type Layout = (typeof LAYOUTS)[number];
