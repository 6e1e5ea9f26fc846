import { statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { distance } from 'fastest-levenshtein';
import { configError } from '../errors.ts';
import { FILES } from './names.ts';

export interface RunPlace {
  readonly name: string;
  readonly id: string;
  readonly folder: string;
}

/** How many runs an error lists. */
const SHOWN = 5;

/** Every run folder below a root, by name and id; empty where there's no root. */
export async function listRuns(root: string): Promise<RunPlace[]> {
  return (await listPlaces(root)).filter(({ folder }) => isRun(folder));
}

/** Every group of runs below a root. */
export async function listGroups(root: string): Promise<RunPlace[]> {
  return (await listPlaces(root)).filter(({ folder }) => isGroup(folder));
}

/** Every folder where a run or a group may be; links aren't followed. */
export async function listPlaces(root: string): Promise<RunPlace[]> {
  const places: RunPlace[] = [];
  for (const name of await foldersIn(root))
    for (const id of await foldersIn(join(root, name)))
      places.push({ name, id, folder: join(root, name, id) });
  return places;
}

/** The group that a user means, by id, `<name>/<id>` or path; undefined where it is none, a run say. */
export async function findGroup(root: string, wanted: string): Promise<string | undefined> {
  const groups = (await listGroups(root)).filter(
    ({ name, id }) => wanted === id || wanted === `${name}/${id}`,
  );
  if (groups.length === 1) return groups[0]!.folder;
  const path = trimmed(wanted);
  return groups.length === 0 && path !== '' && isGroup(path) ? path : undefined;
}

const trimmed = (wanted: string) => wanted.replace(/(?<=.)[\\/]+$/, '');

/** The folder of the group that a run belongs to, by the names of both; undefined for a run of its own. */
export function groupOf(folder: string): string | undefined {
  const place = resolve(folder);
  const [, id] = MEMBER.exec(basename(place)) ?? [];
  const group = id === undefined ? undefined : join(dirname(place), id);
  return group !== undefined && isGroup(group) ? group : undefined;
}

/** `7f3a-2`, `7f3a-final`. */
export const memberId = (group: string, member: string): string => `${group}-${member}`;
const MEMBER = /^(.+)-(?:\d+|final)$/;

/**
 * The folder that a user means by `7f3a`, `mnist-cnn/7f3a` or a path.
 * @throws MlxError with exit code 2: `unknown-run` with the runs that it may be, `ambiguous-run`
 */
export async function findRun(root: string, wanted: string): Promise<string> {
  const runs = await listRuns(root);
  const called = runs.filter(({ name, id }) => wanted === id || wanted === `${name}/${id}`);
  if (called.length === 1) return called[0]!.folder;
  if (called.length > 1)
    throw configError('ambiguous-run', `${JSON.stringify(wanted)} is the id of ${called.length} runs`, {
      help: `name one of them: ${called.map(shown).join(', ')}`,
    });
  const path = trimmed(wanted);
  if (path !== '' && isRun(path)) return path;
  const group = await findGroup(root, wanted);
  if (group !== undefined) throw severalRuns(wanted, group, runs);
  throw configError('unknown-run', `there is no run ${JSON.stringify(wanted)} in ${root}`, {
    help: runs.length === 0 ? 'start one with mlx run <config>' : suggestion(runs, wanted),
  });
}

function severalRuns(wanted: string, group: string, runs: readonly RunPlace[]) {
  const members = runs.filter(({ folder }) => groupOf(folder) === resolve(group)).map(shown);
  const more = members.length > SHOWN ? `, and ${members.length - SHOWN} more` : '';
  return configError(
    'several-runs',
    `${JSON.stringify(wanted)} is a group of ${members.length} runs, not a run`,
    {
      help:
        members.length === 0 ? undefined : `name one of them: ${members.slice(0, SHOWN).join(', ')}${more}`,
    },
  );
}

const shown = ({ name, id }: RunPlace): string => `${name}/${id}`;

/** An experiment's name alone lists its runs; anything else the runs that are spelt most alike. */
function suggestion(runs: readonly RunPlace[], wanted: string): string {
  const named = runs.filter(({ name }) => name === wanted);
  const text = wanted.slice(0, 256);
  const far = (run: RunPlace) => Math.min(distance(text, run.id), distance(text, shown(run)));
  const closest = (named.length > 0 ? named : runs)
    .map((run) => ({ run, far: far(run) }))
    .sort((a, b) => a.far - b.far)
    .map(({ run }) => shown(run));
  const more = closest.length > SHOWN ? `, and ${closest.length - SHOWN} more` : '';
  return `name one of: ${closest.slice(0, SHOWN).join(', ')}${more}`;
}

/** In the order of their code units, whatever the file system's. */
async function foldersIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort();
}

/** A run's config is written once the rest of its start is there; what a kill left before isn't a run. */
const isRun = (folder: string): boolean => has(folder, FILES.config) && !has(folder, FILES.group);

const isGroup = (folder: string): boolean => has(folder, FILES.config) && has(folder, FILES.group);

function has(folder: string, file: string): boolean {
  try {
    return statSync(join(folder, file), { throwIfNoEntry: false })?.isFile() === true;
  } catch {
    return false; // a path that no file system takes, or no permission
  }
}
