import { engines } from '../engines/index.ts';
import { MlxError } from '../errors.ts';
import type { FromChild, Measured, MeasureJob, SurveyJob } from './measure.ts';

const LEAST_RUNS = 3;

async function measured(job: MeasureJob): Promise<Measured> {
  const { engine, plan, program, inputs, warmup, runs, seconds } = job;
  const load = engines.get(engine.type)!;
  const session = await (await load()).open(plan, new Map(job.state), engine.options);
  await session.prepare(program);
  for (let i = 0; i < warmup; i++) await session.run(program, inputs);
  const times: number[] = [];
  const began = performance.now();
  while (times.length < runs) {
    if (times.length >= LEAST_RUNS && performance.now() - began > seconds * 1000) break;
    const start = performance.now();
    await session.run(program, inputs);
    times.push(performance.now() - start);
  }
  await session.close();
  const sorted = times.sort((a, b) => a - b);
  return { info: session.info, milliseconds: sorted[sorted.length >> 1]!, runs: times.length };
}

async function answer(job: MeasureJob | SurveyJob): Promise<FromChild> {
  try {
    if (job.kind === 'measure') return { ok: true, value: await measured(job) };
    const { surveyModes } = await import('../engines/gpujs/modes.ts');
    return { ok: true, value: await surveyModes({ threads: job.threads }) };
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
    return { ok: false, reason: reason!, ...(error instanceof MlxError && { help: error.details.help }) };
  }
}

process.once('message', async (job: MeasureJob | SurveyJob) => {
  const message = await answer(job);
  // Drivers keep threads alive: the process ends once the answer is out.
  process.send!(message, undefined, undefined, () => process.exit());
});
process.once('disconnect', () => process.exit());
