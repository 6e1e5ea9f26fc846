import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { invariant } from '../errors.ts';
import type { Explanation } from '../evaluate/explain/index.ts';
import { writeAtomically } from './atomic.ts';
import { writeFailure } from './failure.ts';
import { FILES } from './names.ts';
import { readJson, unreadable } from './read-json.ts';

/** Of single examples; a page with more of them would be none. */
const MOST_EXAMPLES = 8;
/** The largest file that is read, in bytes. */
const MOST = 1 << 23;

/** What `mlx explain` has left in a run's folder. */
export interface Explanations {
  readonly model?: Explanation;
  /** PNG files with pictures of examples, a row for each class of `model.extremes`. */
  readonly typical?: Buffer;
  readonly wrong?: Buffer;
  /** Of single examples, by their id. */
  readonly examples: readonly Explanation[];
  /** How many more of those there are. */
  readonly more: number;
}

/** Nothing of files that are absent; damaged ones are reported in `problems`. */
export function readExplanations(folder: string, problems: string[]): Explanations {
  const place = join(folder, FILES.explain);
  const read = (name: string) =>
    fits(join(place, name))
      ? readJson(folder, `${FILES.explain}/${name}`, problems, (found) =>
          (found as Explanation | null)?.format === 1 ? (found as Explanation) : undefined,
        )
      : undefined;
  const ids = names(place, problems)
    .flatMap((name) => /^example-(\d{1,15})\.json$/.exec(name)?.[1] ?? [])
    .sort((a, b) => Number(a) - Number(b));
  const [model, typical, wrong] = [read('model.json'), png(place, 'typical.png'), png(place, 'wrong.png')];
  return {
    ...(model && { model }),
    ...(typical && { typical }),
    ...(wrong && { wrong }),
    examples: ids.slice(0, MOST_EXAMPLES).flatMap((id) => read(`example-${id}.json`) ?? []),
    more: Math.max(0, ids.length - MOST_EXAMPLES),
  };
}

function names(place: string, problems: string[]): string[] {
  try {
    return readdirSync(place);
  } catch (error) {
    unreadable(error, FILES.explain, problems);
    return [];
  }
}

function fits(path: string): boolean {
  try {
    const found = statSync(path);
    return found.isFile() && found.size <= MOST;
  } catch {
    return false;
  }
}

const PNG = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);

function png(place: string, name: string): Buffer | undefined {
  const path = join(place, name);
  try {
    const bytes = fits(path) ? readFileSync(path) : undefined;
    return bytes?.subarray(0, PNG.length).equals(PNG) ? bytes : undefined;
  } catch {
    return undefined; // a picture more or less
  }
}

/**
 * Writes a whole file into a run's `explain/`, in place of an earlier one.
 * @returns its name within the run's folder
 * @throws MlxError `record-write`
 */
export async function writeExplanation(folder: string, name: string, content: Uint8Array): Promise<string> {
  invariant(basename(name) === name && !name.startsWith('.'), `${name} is no file of a run folder`);
  const place = join(folder, FILES.explain);
  try {
    await mkdir(place, { recursive: true });
  } catch (error) {
    throw writeFailure(error, place);
  }
  await writeAtomically(join(place, name), content);
  return `${FILES.explain}/${name}`;
}
