import { statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
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
  const runs: RunPlace[] = [];
  for (const name of await foldersIn(root))
    for (const id of await foldersIn(join(root, name))) {
      const folder = join(root, name, id);
      if (isRun(folder)) runs.push({ name, id, folder });
    }
  return runs;
}

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
  const path = wanted.replace(/(?<=.)[\\/]+$/, '');
  if (path !== '' && isRun(path)) return path;
  throw configError('unknown-run', `there is no run ${JSON.stringify(wanted)} in ${root}`, {
    help: runs.length === 0 ? 'start one with mlx run <config>' : suggestion(runs, wanted),
  });
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
function isRun(folder: string): boolean {
  try {
    return statSync(join(folder, FILES.config)).isFile();
  } catch {
    return false;
  }
}
