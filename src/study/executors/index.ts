import type { ExecutorEntry } from './executor.ts';
import { here } from './here.ts';

const entries: readonly ExecutorEntry[] = [here];

/** Places where the runs of a group can be trained, by name. */
export const executors = new Map(entries.map((entry) => [entry.name, entry]));

export const DEFAULT_EXECUTOR = here.name;
