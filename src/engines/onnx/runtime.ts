import { engineError } from '../../errors.ts';
import { firstLine } from '../first-line.ts';
import { ModelBuilder } from './format/model.ts';
import { keepFreedMemory } from './keep-memory.ts';

export type Runtime = typeof import('onnxruntime-node');

/** Loads the native library, only when a session is opened. @throws MlxError onnx-unavailable */
export async function loadRuntime(): Promise<Runtime> {
  keepFreedMemory();
  try {
    const module = await import('onnxruntime-node');
    return (module as unknown as { default?: Runtime }).default ?? module;
  } catch (error) {
    throw engineError('onnx-unavailable', `onnxruntime-node can't be loaded: ${firstLine(error)}`, {
      help: `it has binaries for linux x64 and arm64, macOS arm64 and Windows; this is ${process.platform} ${process.arch}`,
      cause: error,
    });
  }
}

/**
 * Loads the library and makes a first session, which initializes it (0.06 s), ahead of the first real one.
 */
export async function warmUp(): Promise<void> {
  const { InferenceSession } = await loadRuntime();
  const model = new ModelBuilder();
  model.output('y', model.op('Neg', [model.input('x', [1], 'f32')]), [1], 'f32');
  await (await InferenceSession.create(model.finish(), sessionOptions(1))).release();
}

/**
 * Options that decide bits and speed. `basic` gives the same bits on every CPU tried; higher levels bring
 * CPU-specific forms, but no measurable speed where weights are inputs: the blocked layout comes from
 * lower/blocked.ts. Denormals count as zero: the decaying moments of optimizers would otherwise slow a small
 * network's step by almost half.
 */
export const sessionOptions = (threads: number) => ({
  executionProviders: ['cpu'],
  graphOptimizationLevel: 'basic' as const,
  executionMode: 'sequential' as const,
  enableMemPattern: false, // costs a second round of allocations, and no step is faster for it
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  logSeverityLevel: 4 as const, // what fails is thrown; the terminal is not ONNX Runtime's
  extra: { session: { set_denormal_as_zero: '1' } },
});
