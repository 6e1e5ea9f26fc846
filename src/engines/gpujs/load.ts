import { engineError } from '../../errors.ts';
import { firstLine } from '../first-line.ts';

/** gpu.js as it is imported: CommonJS, so its names may sit under `default`. */
export type GpuJs = typeof import('gpu.js');

/** Loads gpu.js (0.1 s), only when a session or a survey asks for it. @throws MlxError gpujs-unavailable */
export async function loadGpuJs(): Promise<GpuJs> {
  try {
    const module = await import('gpu.js');
    return (module as unknown as { default?: GpuJs }).default ?? module;
  } catch (error) {
    throw engineError('gpujs-unavailable', `gpu.js can't be loaded: ${firstLine(error)}`, {
      help: 'install the packages again: npm ci',
      cause: error,
    });
  }
}
