import { createRequire } from 'node:module';
import type { EngineInfo } from '../../protocol/engine-info.ts';
import type { EngineOptions } from '../engine.ts';
import type { OpenGpu } from './modes.ts';

/**
 * What a session of gpu.js reports on screen, in the lock and in the events. The mode that was opened is
 * pinned there: a resumed run opens the same or fails.
 */
export function engineInfo(opened: Omit<OpenGpu, 'gpu' | 'gpujs'>, options: EngineOptions): EngineInfo {
  const { mode, device, hardware } = opened;
  const onCpu = mode === 'webasm' || mode === 'cpu';
  return {
    type: 'gpujs',
    provider: mode,
    threads: mode === 'webasm' ? options.threads : 1,
    version: version(),
    options: {
      mode,
      hardware,
      allow_fallback: options.allowFallback === true,
      ...(onCpu ? {} : { device }),
    },
  };
}

const version = (): string =>
  (createRequire(import.meta.url)('gpu.js/package.json') as { version: string }).version;
