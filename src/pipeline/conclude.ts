import { taskOf } from '../catalog/tasks/index.ts';
import { columnsJson } from '../data/columns-json.ts';
import { featuresJson } from '../data/features-json.ts';
import { testFingerprint } from '../data/test-fingerprint.ts';
import { EXIT } from '../errors.ts';
import type { RunEvent } from '../protocol/events.ts';
import { exhibitsFile } from '../protocol/exhibits-codec.ts';
import type { Result } from '../protocol/result.ts';
import { countLook, FILES, groupOf, type RunFolder } from '../record/index.ts';
import type { Finished } from '../train/trainer.ts';
import { exhibitsOf } from './exhibits/index.ts';
import type { Job, Recorded, RunPorts } from './job.ts';
import { assemble, failed, predictionColumns, predictionRows, score, testEvent } from './result.ts';
import type { Scored } from './scored.ts';

/** Scores, writes predictions, model and result; checks the expectations. @returns the exit code */
export async function finish(job: Job, end: Finished, record: Recorded, ports: RunPorts): Promise<number> {
  let result: Result;
  try {
    result = await conclude(job, end, record, ports);
    await record.folder.result(result);
  } catch (error) {
    await keepFailure(job, record, error, ports);
    throw error;
  } finally {
    job.data.close();
  }
  // What is kept by now stays as it is, whatever the disk does to the last event.
  await tell(record.folder, result, ports, { report: result.status === 'completed' });
  if (result.status === 'interrupted') return EXIT.interrupted;
  return result.expectations?.some((e) => !e.passed) ? EXIT.expectation : EXIT.done;
}

async function conclude(job: Job, end: Finished, record: Recorded, ports: RunPorts): Promise<Result> {
  const { loaded, data, plan } = job;
  const { config } = loaded;
  const { folder, info, monitor, began } = record;
  const validation = end.validation
    ? score(config, data, data.validation, end.validation, end.decision)
    : undefined;
  const train = end.train && score(config, data, data.unbalanced ?? data.train, end.train, end.decision);
  const test = end.test ? score(config, data, data.test, end.test, end.decision) : undefined;
  if (test) {
    ports.emit({ type: 'stage', stage: 'test', state: 'done' });
    const event = testEvent(test);
    folder.event(event);
    ports.emit(event);
  }
  const completed = end.status === 'completed';
  if (completed) await save(job, end, { validation, test }, folder, ports);
  const late = completed ? await end.late() : undefined;
  const looks = test && (await look(job, folder, ports));
  const seconds = (performance.now() - began) / 1000;
  const assembled = assemble({
    config,
    plan,
    engine: info,
    monitor,
    end,
    data,
    late,
    seconds,
    ...(train && { train }),
    validation,
    test,
  });
  const files = completed && (await folder.fingerprints());
  return { ...assembled, ...(looks && { test_looks: looks }), ...(files && { files }) };
}

/** Counts this run among those that were scored on its test examples. */
async function look(
  { loaded, data }: Job,
  folder: RunFolder,
  ports: RunPorts,
): Promise<Result['test_looks']> {
  const fingerprint = testFingerprint(loaded.config, data);
  // Runs of one group aren't chosen between: together they look once.
  const looker = groupOf(folder.path) ?? folder.path;
  const runs = await countLook(ports.experiments, fingerprint, looker.split(/[\\/]/).slice(-2).join('/'));
  return runs === undefined ? undefined : { fingerprint, runs };
}

type ScoredParts = { readonly validation: Scored | undefined; readonly test: Scored | undefined };

/** Everything but the result, while the training thread compares with simpler models. */
async function save(
  job: Job,
  end: Finished,
  parts: ScoredParts,
  folder: RunFolder,
  ports: RunPorts,
): Promise<void> {
  const { data } = job;
  const { config } = job.loaded;
  const test = parts.test && { ...parts.test, losses: end.test!.losses };
  ports.emit({ type: 'stage', stage: 'save', state: 'started' });
  const writes = [
    ...(test
      ? [folder.predictions(predictionRows(config, data, test), predictionColumns(config, data, test))]
      : []),
    ...(data.inputs.some(({ columns }) => columns) ? [folder.file('columns.json', columnsJson(data))] : []),
    ...(data.inputs.some(({ transforms }) => transforms.length > 0)
      ? [folder.file('features.json', featuresJson(data))]
      : []),
    end.model().then((model) => folder.file('model.onnx', model)),
    exhibit(job, end, parts, folder, ports),
  ];
  // All have ended before the first failure is reported: what follows it writes here too.
  const ended = await Promise.allSettled(writes);
  const failure = ended.find((write) => write.status === 'rejected');
  if (failure) throw failure.reason;
}

/** What a report shows besides the result. Without it the run is as good, so that no error here ends it. */
async function exhibit(
  { loaded, plan, data }: Job,
  { state, test: tested, validation: validated }: Finished,
  { validation, test }: ScoredParts,
  folder: RunFolder,
  ports: RunPorts,
): Promise<void> {
  const [part, scored, outputs] = test
    ? (['test', test, tested] as const)
    : (['validation', validation, validated] as const);
  try {
    const seen = scored &&
      outputs && {
        part,
        task: taskOf(loaded.config.task),
        predictions: scored.predictions,
        losses: outputs.losses,
      };
    const exhibits = exhibitsOf(loaded.config, plan, data, new Map(state), seen);
    await folder.file(
      FILES.exhibits,
      new TextEncoder().encode(`${JSON.stringify(exhibitsFile(exhibits))}\n`),
    );
  } catch (error) {
    warn(ports, 'exhibits', `${FILES.exhibits} couldn't be made`, error);
  }
}

function warn(ports: RunPorts, code: string, what: string, error: unknown): void {
  const why = error instanceof Error ? error.message : String(error);
  ports.emit({ type: 'message', level: 'warning', code, text: `${what}: ${why}` });
}

/** The last event, which carries the result that the folder holds; others may write here after it. */
async function tell(
  folder: RunFolder,
  result: Result,
  ports: RunPorts,
  wanted: { readonly report: boolean },
): Promise<void> {
  const page =
    wanted.report &&
    (await ports.report?.(folder.path).catch((error) => {
      warn(ports, 'report', `${FILES.report} couldn't be made`, error);
    }));
  const event: RunEvent = {
    type: 'run_completed',
    run: folder.run,
    result,
    ...(page && { report: `${folder.run}/${page}` }),
  };
  try {
    folder.event(event);
  } finally {
    await folder.close();
  }
  ports.emit(event);
}

/** The folder says `failed` and why; if even that can't be written, the first error is the one to show. */
export async function keepFailure(
  job: Job,
  record: Recorded,
  error: unknown,
  ports: RunPorts,
): Promise<void> {
  const seconds = (performance.now() - record.began) / 1000;
  const result = failed(job.loaded.config, job.plan, record.info, record.seen, seconds, error);
  try {
    await record.folder.result(result);
    await tell(record.folder, result, ports, { report: false });
  } catch {
    ports.emit({ type: 'run_completed', run: record.folder.run, result });
    await record.folder.close().catch(() => {}); // others may write here: a resume, once there is room
  }
}
