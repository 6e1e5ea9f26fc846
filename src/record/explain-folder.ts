import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { invariant } from '../errors.ts';
import { writeAtomically } from './atomic.ts';
import { writeFailure } from './failure.ts';
import { FILES } from './names.ts';

/** Writes a whole file into a run's `explain/`, in place of an earlier one. @returns its name within the run's folder @throws MlxError `record-write` */
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
