import { availableParallelism } from 'node:os';
import type { EngineConfig } from '../config/config.ts';
import type { EngineOptions } from '../engines/engine.ts';

export interface EngineChoice {
  readonly type: string;
  readonly options: EngineOptions;
  /** Why, when `auto` decided. */
  readonly reason?: string;
}

/** Turns the config's engine into what will be opened. Threads change speed, never bits. */
export function chooseEngine(config: EngineConfig): EngineChoice {
  const threads = config.threads ?? availableParallelism();
  const options = { threads, layout: config.layout };
  if (config.type === 'gpujs') {
    const { mode, allow_fallback: allowFallback } = config;
    return { type: 'gpujs', options: { ...options, allowFallback, ...(mode && { mode }) } };
  }
  if (config.type === 'reference') return { type: 'reference', options: { ...options, threads: 1 } };
  if (config.type === 'onnx') return { type: 'onnx', options };
  return { type: 'onnx', options, reason: 'auto: onnx, on the CPU' };
}
