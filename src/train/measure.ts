import { fork } from 'node:child_process';
import type { EngineOptions, RunInputs } from '../engines/engine.ts';
import type { ModeReport } from '../engines/gpujs/modes.ts';
import type { Plan, ProgramName } from '../plan/index.ts';
import type { EngineInfo } from '../protocol/engine-info.ts';
import type { StateEntries } from './trainer.ts';

/** A program of a plan, to be run a few times on one engine; plain data. */
export interface MeasureJob {
  readonly kind: 'measure';
  readonly engine: { readonly type: string; readonly options: EngineOptions };
  readonly plan: Plan;
  readonly state: StateEntries;
  readonly program: ProgramName;
  readonly inputs: RunInputs;
  /** Runs that aren't counted: compilation, first touches of memory. */
  readonly warmup: number;
  readonly runs: number;
  /** No further run is started after so many seconds of them; three are made in any case. */
  readonly seconds: number;
}
/** Asks gpu.js which modes are there; drivers are loaded for it. */
export interface SurveyJob {
  readonly kind: 'survey';
  readonly threads: number;
}

export interface Measured {
  readonly info: EngineInfo;
  /** Median time of a run. */
  readonly milliseconds: number;
  readonly runs: number;
}

export type FromChild =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: string; readonly help?: string };

/** A measurement that came to nothing: the engine's own words, or how its process ended. */
export class NotMeasured extends Error {
  readonly help?: string;
  constructor(reason: string, help?: string) {
    super(reason);
    this.help = help;
  }
}

/** @throws NotMeasured */
export const measure = (job: MeasureJob): Promise<Measured> => inChild(job) as Promise<Measured>;
/** @throws NotMeasured */
export const survey = (job: SurveyJob): Promise<ModeReport[]> => inChild(job) as Promise<ModeReport[]>;

/**
 * Works in a process of its own: a native driver that crashes or hangs takes only that one down, and what it
 * prints by itself stays there.
 */
export function inChild(
  job: MeasureJob | SurveyJob,
  limit = 60,
  program: URL = new URL('./measure-child.js', import.meta.url),
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const child = fork(program, {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new NotMeasured(`no answer within ${limit} s`));
    }, limit * 1000);
    child.once('message', (message: FromChild) => {
      if (message.ok) resolve(message.value);
      else reject(new NotMeasured(message.reason, message.help));
    });
    child.once('error', (error) => reject(new NotMeasured(`its process failed: ${error.message}`)));
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      // After an answer this changes nothing.
      reject(
        new NotMeasured(
          `its process ended with ${signal ?? `code ${code}`}`,
          'look at the driver of the GPU',
        ),
      );
    });
    child.send(job, (error) => error && reject(new NotMeasured(`its process failed: ${error.message}`)));
  });
}
