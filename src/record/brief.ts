import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { EpochEvent, RunStarted } from '../protocol/events.ts';
import type { Result } from '../protocol/result.ts';
import type { RunPlace } from './find-run.ts';
import { readLease } from './lease.ts';
import { FILES } from './names.ts';
import { readJson } from './read-json.ts';
import { readTags } from './tags.ts';

/** `died`: it left no result, and nobody writes there any more. */
export type RunStatus = Result['status'] | 'running' | 'died';

/** What a list shows of a run; what is missing or damaged is left out and named in `problems`. */
export interface RunBrief extends RunPlace {
  readonly status: RunStatus;
  readonly tags: readonly string[];
  readonly note: string;
  readonly started?: RunStarted;
  readonly result?: Result;
  /** Of a run without a result: the last epoch in its log. */
  readonly last?: EpochEvent;
  readonly problems: readonly string[];
}

/** Of an event log that may be long: how much is read at its start and at its end. */
const PIECE = 16 * 1024;
/** `run_started` comes first. */
const HEAD = 4 * 1024;

/**
 * Reads the little that a list needs, never the whole log; never throws for a run's content. Synchronous: of
 * a thousand small files that takes a third of the time.
 */
export function readBrief(place: RunPlace): RunBrief {
  const problems: string[] = [];
  const { folder } = place;
  const result = readResult(folder, problems);
  const { tags, note } = readTags(folder, problems);
  const log = readEnds(join(folder, FILES.events), result !== undefined, problems);
  const alive = readLease(folder)?.alive === true;
  const events = log.map(asEvent).filter((e) => e !== undefined);
  const started = events.find((e): e is RunStarted => e.type === 'run_started');
  const last = events.findLast((e): e is EpochEvent => e.type === 'epoch');
  return {
    ...place,
    status: alive ? 'running' : (result?.status ?? 'died'),
    tags,
    note,
    ...(started && { started }),
    ...(result && { result }),
    ...(last && { last }),
    problems,
  };
}

const STATUSES: readonly unknown[] = ['completed', 'interrupted', 'failed'];

const readResult = (folder: string, problems: string[]): Result | undefined =>
  readJson(folder, FILES.result, problems, (found) => {
    const value = found as Result;
    return STATUSES.includes(value?.status) && typeof value.metrics === 'object' && value.metrics !== null
      ? value
      : undefined;
  });

/**
 * The lines at the start and, unless there is a result, at the end of a log; a torn one parses as nothing.
 */
function readEnds(path: string, startOnly: boolean, problems: string[]): string[] {
  try {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      const piece = (from: number, length: number) => {
        const buffer = Buffer.allocUnsafe(length);
        return buffer.toString('utf8', 0, readSync(file, buffer, 0, length, from)).split('\n');
      };
      const head = piece(0, Math.min(size, startOnly ? HEAD : PIECE));
      return startOnly || size <= PIECE ? head : [...head, ...piece(Math.max(PIECE, size - PIECE), PIECE)];
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') problems.push(`${FILES.events} can't be read (${code})`);
    return [];
  }
}

function asEvent(line: string): RunStarted | EpochEvent | undefined {
  if (!line.startsWith('{"type":"run_started"') && !line.startsWith('{"type":"epoch"')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
