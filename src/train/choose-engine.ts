import { availableParallelism } from 'node:os';
import type { EngineConfig } from '../config/config.ts';
import type { EngineOptions, RunInputs, State } from '../engines/engine.ts';
import { gpuDevicePossible } from '../engines/gpujs/gpu-device.ts';
import type { ModeReport } from '../engines/gpujs/modes.ts';
import type { Plan } from '../plan/index.ts';
import type { Measured, MeasureJob, SurveyJob } from './measure.ts';

export interface EngineChoice {
  readonly type: string;
  readonly options: EngineOptions;
  /** Why, when `auto` decided. */
  readonly reason?: string;
  /** Milliseconds of a training step by engine, when `auto` measured them. */
  readonly measured?: Readonly<Record<string, number>>;
}

/** What `auto` tries engines on: the run's own plan, its first values and a real batch. */
export interface Trial {
  readonly plan: Plan;
  readonly state: State;
  inputs(): RunInputs;
}

/** How `auto` learns about the machine. */
export interface Probe {
  /** Whether a GPU can exist at all; asked first, costs next to nothing. */
  possible(): boolean;
  survey(job: SurveyJob): Promise<readonly ModeReport[]>;
  measure(job: MeasureJob): Promise<Measured>;
}

/** Loaded only on machines with a GPU. */
const probing: Probe = {
  possible: gpuDevicePossible,
  survey: async (job) => (await import('./measure.ts')).survey(job),
  measure: async (job) => (await import('./measure.ts')).measure(job),
};

const STEPS = { warmup: 3, runs: 9, seconds: 2 };

/** The engine that will be used, where that is known without the plan; null: either. */
export function likelyEngine({ type }: EngineConfig, possible = gpuDevicePossible): string | null {
  if (type !== 'auto') return type;
  return possible() ? null : 'onnx';
}

/**
 * Turns the config's engine into what will be opened. Threads change speed, never bits. `auto` takes gpujs
 * where a hardware GPU answers and its step of this very plan is faster than onnx's, else onnx.
 */
export async function chooseEngine(
  config: EngineConfig,
  trial: Trial,
  probe: Probe = probing,
): Promise<EngineChoice> {
  const threads = config.threads ?? availableParallelism();
  const options = { threads, layout: config.layout };
  if (config.type === 'reference') return { type: 'reference', options: { ...options, threads: 1 } };
  if (config.type === 'gpujs') {
    const { mode, allow_fallback: allowFallback } = config;
    return { type: 'gpujs', options: { ...options, allowFallback, ...(mode && { mode }) } };
  }
  const onnx = { type: 'onnx', options };
  if (config.type === 'onnx') return onnx;
  return auto(onnx, trial, probe);
}

async function auto(onnx: EngineChoice, trial: Trial, probe: Probe): Promise<EngineChoice> {
  const because = (reason: string) => ({ ...onnx, reason: `auto: onnx, on the CPU: ${reason}` });
  if (!probe.possible()) return because('no GPU here');
  const { options } = onnx;
  let gpu: ModeReport | undefined;
  try {
    const reports = await probe.survey({ kind: 'survey', threads: options.threads });
    gpu = reports.find((r) => r.available && r.hardware);
  } catch (error) {
    return because(`no GPU answers (${(error as Error).message})`);
  }
  if (!gpu) return because('no GPU answers');

  const job = {
    kind: 'measure' as const,
    plan: trial.plan,
    state: [...trial.state],
    program: 'train' as const,
    ...STEPS,
  };
  const inputs = trial.inputs();
  const timed = async (engine: EngineChoice) =>
    (await probe.measure({ ...job, engine, inputs })).milliseconds;
  const gpujs = { type: 'gpujs', options: { ...options, mode: gpu.mode, allowFallback: false } };
  const name = `gpujs ${gpu.mode} (${gpu.device})`;
  let [there, here] = [0, 0];
  try {
    there = await timed(gpujs);
  } catch (error) {
    return because(`${name} can't run this plan (${(error as Error).message})`);
  }
  try {
    here = await timed(onnx);
  } catch (error) {
    const measured = { gpujs: there };
    return {
      ...gpujs,
      measured,
      reason: `auto: ${name}: onnx can't run this plan (${(error as Error).message})`,
    };
  }
  const faster = there < here ? gpujs : onnx;
  const texts = [`${name} ${step(there)}`, `onnx cpu×${options.threads} ${step(here)}`];
  if (faster === onnx) texts.reverse();
  return { ...faster, measured: { gpujs: there, onnx: here }, reason: `auto: ${texts.join(', ')} a step` };
}

const step = (milliseconds: number): string => `${milliseconds.toPrecision(3)} ms`;
