import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dataError, type ErrorDetails, type ExitCode, MlxError } from '../../errors.ts';
import type { Scratch } from '../files/scratch.ts';
import { received, type Sent } from './hand-over.ts';
import type { RowSteps } from './row-step.ts';
import { perform, type TableLook, type TableRows, type TableTask } from './table-task.ts';

/** Performs tasks with the database, in this process or in one of its own. */
export interface Reader {
  /** @throws MlxError as `perform`; `table-crash` where the process ended by itself */
  perform(task: TableTask, scratch: Scratch): Promise<TableRows | TableLook>;
  close(): void;
}

export interface ToChild {
  readonly task: TableTask;
  /** Folder for what is too large for a message. */
  readonly folder: string;
}
export type FromChild =
  | { readonly made: Sent }
  | {
      readonly code: string;
      readonly message: string;
      readonly exit: ExitCode;
      readonly details: ErrorDetails;
    }
  | { readonly bug: string };

/** Next to the bundle. Run from the sources, as in unit tests, mlx has none. */
const PROGRAM = new URL('./table-child.js', import.meta.url);

/**
 * Starts a process for DuckDB, native code that reads files of any origin: a crash, or the lack of memory, is
 * then an error like others.
 */
export function openReader(rowSteps: RowSteps, program: URL = PROGRAM): Reader {
  if (!existsSync(fileURLToPath(program)))
    return { perform: (task, scratch) => perform(task, scratch, rowSteps), close() {} };
  const child = fork(program, {
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let words = '';
  child.stderr!.on('data', (piece) => {
    words = (words + piece).slice(0, 2000);
  });
  child.on('error', () => {}); // `ask` reports it
  return {
    async perform(task, scratch) {
      const answer = await ask(child, { task, folder: scratch.path() }, () => words);
      if ('made' in answer) return received(answer.made, task.ctx.limits?.held) as TableRows | TableLook;
      if ('bug' in answer) throw new Error(answer.bug);
      throw new MlxError(answer.code, answer.message, answer.exit, answer.details);
    },
    close() {
      child.kill('SIGKILL'); // it holds nothing that would need closing
    },
  };
}

function ask(child: ChildProcess, message: ToChild, words: () => string): Promise<FromChild> {
  return new Promise((resolve, reject) => {
    const ended = (how: string, help: string) => {
      reject(
        dataError('table-crash', `the process that reads the table ${how}`, {
          path: ['data', 'source'],
          notes: words().trim().split('\n').filter(Boolean).slice(0, 3),
          help,
        }),
      );
    };
    const onExit = (code: number | null, signal: NodeJS.Signals | null) =>
      signal === 'SIGKILL'
        ? ended(
            'was killed (SIGKILL), most likely because the machine ran out of memory',
            'lower `memory` of the source, select fewer columns, or sample rows',
          )
        : ended(
            `ended with ${signal ?? `exit code ${code}`}`,
            'the file may be damaged: write it anew, or as another format; nothing was lost',
          );
    if (child.exitCode !== null || child.signalCode !== null) return onExit(child.exitCode, child.signalCode);
    child.once('message', (answer: FromChild) => resolve(answer));
    child.once('error', (error) =>
      ended(`can't be started: ${error.message}`, 'free memory, or close other programs'),
    );
    child.once('exit', onExit);
    child.send(
      message,
      (error) => error && child.exitCode === null && ended(`can't be reached: ${error.message}`, 'try again'),
    );
  });
}
