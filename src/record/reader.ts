import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { RunEvent } from '../protocol/events.ts';
import type { Result } from '../protocol/result.ts';
import { changedFiles } from './fingerprints.ts';
import type { Lock } from './lock.ts';
import { checkpointName, FILES } from './names.ts';
import { unreadable } from './read-json.ts';

/** A run folder as found: what is missing is absent, what is damaged is named in `problems`. */
export interface RunRecord {
  readonly folder: string;
  readonly name: string;
  readonly id: string;
  readonly status: Result['status'] | 'interrupted or running';
  readonly problems: readonly string[];
  readonly config?: string;
  readonly resolved?: string;
  readonly plan?: string;
  readonly lock?: Lock;
  /** Whole lines of the log. */
  readonly events: readonly RunEvent[];
  readonly result?: Result;
  /** Paths of the checkpoints that are there; `readCheckpoint` tells whether they are whole. */
  readonly checkpoints: Readonly<Partial<Record<'last' | 'best', string>>>;
}

/** Reads whatever a run left, killed at any instant or damaged since; never throws for its content. */
export async function readRun(folder: string): Promise<RunRecord> {
  const problems: string[] = [];
  const text = (name: string) => readText(folder, name, problems);
  const parsed = async <T>(name: string) =>
    parseObject(await text(name), name, problems) as (T & Partial<Record<string, unknown>>) | undefined;
  const events = parseEvents((await text(FILES.events)) ?? '', problems);
  const result = await parsed<Result>(FILES.result);
  const known = result && STATUSES.includes(result.status);
  if (result && !known) problems.push(`${FILES.result} has no known status`);
  for (const name of await changedFiles(folder, result?.files))
    problems.push(`${name} is damaged: it isn't what the run wrote`);
  if (known && !asTold(result, events.at(-1)))
    problems.push(`${FILES.result} is damaged: ${FILES.events} ends with another result`);
  const place = resolve(folder);
  return {
    folder,
    name: basename(dirname(place)),
    id: basename(place),
    status: known ? result.status : 'interrupted or running',
    problems,
    config: await text(FILES.config),
    resolved: await text(FILES.resolved),
    plan: await text(FILES.plan),
    lock: await parsed<Lock>(FILES.lock),
    events,
    result: known ? result : undefined,
    checkpoints: {
      ...(await checkpoint(folder, 'last')),
      ...(await checkpoint(folder, 'best')),
    },
  };
}

const STATUSES: readonly unknown[] = ['completed', 'interrupted', 'failed'];

/** The last event of a finished run is its result; a kill between the two leaves another event at the end. */
const asTold = (result: Result, last: RunEvent | undefined): boolean =>
  last?.type !== 'run_completed' || JSON.stringify(last.result) === JSON.stringify(result);

async function readText(folder: string, name: string, problems: string[]): Promise<string | undefined> {
  try {
    return await readFile(join(folder, name), 'utf8');
  } catch (error) {
    unreadable(error, name, problems);
    return undefined;
  }
}

function parseObject(text: string | undefined, name: string, problems: string[]): object | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // reported below
  }
  problems.push(`${name} is damaged: no JSON object`);
  return undefined;
}

/** A last line without its end is what a kill leaves; any other line that isn't an event is damage. */
function parseEvents(text: string, problems: string[]): RunEvent[] {
  const lines = text.split('\n');
  const last = lines.pop()!;
  const events: RunEvent[] = [];
  lines.forEach((line, i) => {
    const event = asEvent(line);
    if (event) events.push(event);
    else problems.push(`${FILES.events} is damaged in line ${i + 1}`);
  });
  const whole = asEvent(last);
  return whole ? [...events, whole] : events;
}

function asEvent(line: string): RunEvent | undefined {
  try {
    const value = JSON.parse(line) as RunEvent | null;
    return typeof value === 'object' && typeof value?.type === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

async function checkpoint(folder: string, kind: 'last' | 'best'): Promise<Record<string, string>> {
  const path = join(folder, checkpointName(kind));
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ? { [kind]: path } : {};
}
