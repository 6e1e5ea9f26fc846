import { engineError } from '../../errors.ts';
import type { GpujsMode } from '../../protocol/engine-names.ts';

/** What gpu.js reports about a pipeline after its first call, or about a kernel. */
export interface Executed {
  /** Of a pipeline: generic | fused-sync | fused-threaded | fused-encoder. */
  readonly executorKind?: string;
  /** Of a pipeline: the backend that executed it; null before its first call. */
  readonly backend?: string | null;
  readonly fallbackReason?: string | null;
  /** Of a kernel: the one that runs now. It is another object after a fallback. */
  readonly kernel?: object;
}

/**
 * Executors that are what their mode promises. `generic` means step by step, which is all that the last two
 * have.
 */
const EXPECTED: Readonly<Record<GpujsMode, readonly string[]>> = {
  webgpu: ['fused-encoder'],
  webasm: ['fused-threaded', 'fused-sync'],
  headlessgl: ['generic'],
  cpu: ['generic'],
};

export interface Ran {
  readonly backend: string;
  /** `kernel` for one that was called by itself. */
  readonly executor: string;
  /** gpu.js's own words, where it isn't what was asked for. */
  readonly fallback?: string;
}

/**
 * What really ran, once a kernel or pipeline has been called. gpu.js falls back to slower executors or to the
 * CPU with at most a warning; here that is an error, unless the user allowed it.
 * @param what for the message: "the training step"
 * @throws MlxError `engine-fallback` with gpu.js's own reason
 */
export function assertRan(what: string, executed: Executed, mode: GpujsMode, allowFallback: boolean): Ran {
  const ran = executed.kernel ? kernelRan(executed) : pipelineRan(executed);
  const right = ran.backend === mode && (ran.executor === 'kernel' || EXPECTED[mode].includes(ran.executor));
  // On cpu and headlessgl gpu.js always gives a reason for not fusing: there it isn't one.
  const reason = executed.fallbackReason ?? kernelReason(executed.kernel);
  if (right && (reason === null || EXPECTED[mode][0] === 'generic')) return ran;
  const fallback = reason ?? 'gpu.js gives no reason';
  if (allowFallback) return { ...ran, fallback };
  const found = ran.backend === mode ? `step by step (${ran.executor})` : `on ${ran.backend}`;
  throw engineError(
    'engine-fallback',
    `gpu.js did not run ${what} as asked in mode ${mode}, but ${found}: ${fallback}`,
    {
      help: 'choose another mode or `engine: onnx`; or allow it: `engine: { type: gpujs, allow_fallback: true }`',
    },
  );
}

/** gpu.js calls all of its GL kernels "gpu"; outside of a browser there is one kind. */
const named = (backend: string): string => (backend === 'gpu' ? 'headlessgl' : backend);

const pipelineRan = ({ backend, executorKind }: Executed): Ran => ({
  backend: named(backend ?? 'nothing'),
  executor: executorKind ?? 'none',
});

function kernelRan({ kernel }: Executed): Ran {
  const mode = (kernel!.constructor as { mode?: unknown }).mode;
  return { backend: named(typeof mode === 'string' ? mode : 'nothing'), executor: 'kernel' };
}

const kernelReason = (kernel: object | undefined): string | null =>
  (kernel as { fallbackReason?: string | null } | undefined)?.fallbackReason ?? null;
