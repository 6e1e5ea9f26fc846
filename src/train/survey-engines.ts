import { availableParallelism } from 'node:os';
import type { ModeReport } from '../engines/gpujs/modes.ts';
import { MlxError } from '../errors.ts';
import { GPUJS_MODES } from '../protocol/engine-names.ts';
import { type Measured, type MeasureJob, measure, NotMeasured, type SurveyJob, survey } from './measure.ts';
import { matmulWorkload, stepWorkload, type Workload } from './measured-plans.ts';

/** How fast an engine was on a workload, or why that isn't known. */
export type Speed =
  | { readonly milliseconds: number; readonly gflops: number; readonly runs: number }
  | { readonly failed: string };

/** One way to compute, as `engine:` in a config names it. */
export interface EngineReport {
  /** `onnx`, `gpujs:webasm`. */
  readonly engine: string;
  readonly available: boolean;
  readonly hardware: boolean;
  readonly device: string;
  readonly reason?: string;
  readonly help?: string;
  readonly matmul?: Speed;
  readonly step?: Speed;
}

export interface EnginesPorts {
  survey(job: SurveyJob): Promise<readonly ModeReport[]>;
  measure(job: MeasureJob): Promise<Measured>;
}

export interface EnginesOptions {
  readonly measure: boolean;
  readonly threads?: number;
  /** Called with each engine as soon as all is known about it. */
  readonly report?: (report: EngineReport) => void;
}

const EFFORT = { warmup: 5, runs: 25, seconds: 1.5 };
/** What is too slow to be worth waiting for. */
const UNMEASURED = new Set(['reference']);

/**
 * Every engine and mode with what this machine has of it. Each is tried in a process of its own, one after
 * the other, so that none disturbs another's timing. Nothing that fails there is thrown.
 */
export async function surveyEngines(
  options: EnginesOptions,
  ports: EnginesPorts = { survey, measure },
): Promise<EngineReport[]> {
  const threads = options.threads ?? availableParallelism();
  const work = options.measure ? { matmul: matmulWorkload(), step: stepWorkload() } : undefined;
  const reports: EngineReport[] = [];
  for (const found of [await onnx(threads), ...(await gpujs(threads, ports)), REFERENCE]) {
    const name = found.engine.split(':');
    const timed = async (workload: Workload) =>
      speed(workload, { type: name[0]!, options: { threads, mode: name[1] as ModeReport['mode'] } }, ports);
    const measured =
      work && found.available && !UNMEASURED.has(found.engine)
        ? { matmul: await timed(work.matmul), step: await timed(work.step) }
        : {};
    const report = { ...found, ...measured };
    options.report?.(report);
    reports.push(report);
  }
  return reports;
}

const REFERENCE: EngineReport = {
  engine: 'reference',
  available: true,
  hardware: false,
  device: 'JavaScript float64, 1 thread: slow, defines what is right',
};

const threadsText = (threads: number) => `CPU, ${threads} thread${threads === 1 ? '' : 's'}`;

async function onnx(threads: number): Promise<EngineReport> {
  const found = { engine: 'onnx', hardware: false };
  try {
    await (await import('../engines/onnx/runtime.ts')).loadRuntime();
    return { ...found, available: true, device: threadsText(threads) };
  } catch (error) {
    if (!(error instanceof MlxError)) throw error;
    return { ...found, available: false, device: '', reason: error.message, help: error.details.help };
  }
}

async function gpujs(threads: number, ports: EnginesPorts): Promise<EngineReport[]> {
  try {
    const reports = await ports.survey({ kind: 'survey', threads });
    return reports.map(({ mode, device, ...rest }) => ({
      engine: `gpujs:${mode}`,
      ...rest,
      device: mode === 'webasm' && rest.available ? threadsText(threads) : device,
    }));
  } catch (error) {
    if (!(error instanceof NotMeasured)) throw error;
    const { message: reason, help } = error;
    return GPUJS_MODES.map((mode) => ({
      engine: `gpujs:${mode}`,
      available: false,
      hardware: false,
      device: '',
      reason,
      help,
    }));
  }
}

async function speed(
  { plan, state, program, inputs, flops }: Workload,
  engine: MeasureJob['engine'],
  ports: EnginesPorts,
): Promise<Speed> {
  try {
    const job = { kind: 'measure' as const, engine, plan, state: [...state], program, inputs, ...EFFORT };
    const { milliseconds, runs } = await ports.measure(job);
    return { milliseconds, gflops: flops / milliseconds / 1e6, runs };
  } catch (error) {
    if (!(error instanceof NotMeasured)) throw error;
    return { failed: error.message };
  }
}
