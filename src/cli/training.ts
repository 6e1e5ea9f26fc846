import type { RunHandle } from '../pipeline.ts';
import { FILES, readExhibits } from '../record/index.ts';
import { createReporter, type Reporter } from '../report/index.ts';
import type { GroupPorts } from '../study/groups/loop.ts';
import type { EarlyThread } from '../train/thread.ts';
import { chartsOf } from './charts.ts';
import { fail } from './fail.ts';
import { groupTeller } from './groups.ts';

/** How the commands that train show it. */
export interface ShowOptions {
  /** Nothing of a run goes to stdout: something else does. */
  readonly quiet?: boolean;
  readonly experiments: string;
  readonly tensorboard?: boolean;
  readonly tui: boolean;
  readonly json?: boolean;
  readonly charts?: string;
}

/** Draws a run's page; loaded only once there is something to draw. */
export async function report(folder: string): Promise<string> {
  await (await import('./draw-report.ts')).drawReport(folder);
  return FILES.report;
}

/** The same of a group's. */
export const page: NonNullable<GroupPorts['page']> = async (folder, result) =>
  (await import('./draw-report.ts')).drawGroupReport(folder, { result });

/**
 * Dies of SIGINT (130 to a shell). Not `exit`: Node would tear the training thread down inside of ONNX
 * Runtime.
 */
function leave(): void {
  if (process.stdin.isTTY) process.stdin.setRawMode(false);
  if (process.stderr.isTTY) process.stderr.write('\u001b[?25h\n'); // the cursor that the live view hid
  process.removeAllListeners('SIGINT');
  process.kill(process.pid, 'SIGINT');
}

type Emit = Reporter['event'];

/** Several runs, each under a reporter of its own that leaves a line; then what they have in common. */
export async function grouped(
  options: ShowOptions,
  threads: EarlyThread,
  work: (ports: GroupPorts) => Promise<number>,
): Promise<number> {
  const { tell, done } = groupTeller(options.json ?? false);
  try {
    const code = await work({
      experiments: options.experiments,
      threads,
      tell,
      each: (one) => shown(options, (handle, emit) => one({ handle, emit }), true),
    });
    await done();
    return code;
  } catch (error) {
    return fail(error);
  }
}

/** Runs under a reporter, with SIGINT and the live view's `q` asking for a clean stop. */
export async function shown(
  options: ShowOptions,
  work: (handle: RunHandle, emit: Emit) => Promise<number>,
  brief = false,
): Promise<number> {
  const handle: RunHandle = { stop: null };
  let stopping = false;
  const stop = () => {
    // The second time, or before there's anything to save: leave at once. The folder has its last checkpoint.
    if (stopping || !handle.stop) return leave();
    stopping = true;
    handle.stop();
  };
  const reporter = await createReporter({
    stdout: options.quiet ? process.stderr : process.stdout,
    stderr: process.stderr,
    env: process.env,
    tui: options.tui,
    json: options.json ?? false,
    charts: chartsOf(options.charts),
    brief,
    exhibits: readExhibits,
    onStop: stop,
  });
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    const show: Emit = (event) => reporter.event(event);
    const emit = options.tensorboard ? await (await import('./tensorboard.ts')).withTensorBoard(show) : show;
    const code = await work(handle, emit);
    await reporter.close();
    return code;
  } catch (error) {
    await reporter.close();
    return fail(error);
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}
