import { writeFileSync } from 'node:fs';
import { MlxError } from '../../../errors.ts';
import { namedScratch, sent } from './hand-over.ts';
import type { FromChild, ToChild } from './reader.ts';
import { perform } from './task.ts';

/** The process of `openReader`: one task, one answer. */
async function answer({ task, folder }: ToChild): Promise<FromChild> {
  try {
    const scratch = namedScratch(folder);
    return { made: sent(await perform({ ...task, held: 0 }, scratch), scratch) };
  } catch (error) {
    if (!(error instanceof MlxError)) return { bug: (error as Error).stack ?? String(error) };
    const { code, message, exit, details } = error;
    const { cause: _, ...plain } = details;
    return { code, message, exit, details: plain };
  }
}

// Where memory runs out, this process goes first.
try {
  writeFileSync('/proc/self/oom_score_adj', '800');
} catch {
  // Only Linux has it.
}
// Ctrl-C reaches the whole group; whoever asked decides, and this process ends with it. Not by `exit`, which waits for the query.
process.on('SIGINT', () => {});
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.once('message', async (message: ToChild) => {
  const told = await answer(message);
  process.send!(told, undefined, undefined, () => process.exit());
});
void import('@duckdb/node-api'); // loads while files are hashed
