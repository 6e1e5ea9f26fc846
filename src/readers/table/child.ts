import { writeFileSync } from 'node:fs';
import { MlxError } from '../../errors.ts';
import { namedScratch, sent } from './hand-over.ts';
import type { FromChild, ToChild } from './reader.ts';
import type { RowSteps } from './row-step.ts';
import { perform } from './table-task.ts';

async function answer({ task, folder }: ToChild, rowSteps: RowSteps): Promise<FromChild> {
  try {
    const scratch = namedScratch(folder);
    return { made: sent(await perform({ ...task, held: 0 }, scratch, rowSteps), scratch) };
  } catch (error) {
    if (!(error instanceof MlxError)) return { bug: (error as Error).stack ?? String(error) };
    const { code, message, exit, details } = error;
    const { cause: _, ...plain } = details;
    return { code, message, exit, details: plain };
  }
}

/** What the process that `openReader` starts does: it waits for one task, answers once, and ends. */
export function serveOneTask(rowSteps: RowSteps): void {
  // Where memory runs out, the system should end this process first.
  try {
    writeFileSync('/proc/self/oom_score_adj', '800');
  } catch {
    // Only Linux has it.
  }
  // Ctrl-C reaches the whole process group; the parent decides what to do, and this process ends with it. Not
  // by `exit`, which would wait for the query.
  process.on('SIGINT', () => {});
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  process.once('message', async (message: ToChild) => {
    const told = await answer(message, rowSteps);
    process.send!(told, undefined, undefined, () => process.exit());
  });
  void import('@duckdb/node-api'); // loads while files are hashed
}
