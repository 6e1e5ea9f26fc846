import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Beside the experiments, hidden from those who look for runs there. */
const FOLDER = '.test-looks';

/**
 * Notes that a run has looked at a test set, once for each run however often it was resumed. Each look is a
 * line that is appended in one write, so that runs which end together lose none.
 * @param fingerprint of the test examples, hex
 * @param run its id within the experiments folder, `mnist-cnn/7f3a`
 * @returns the runs that have looked, this one included; undefined where the file can't be written
 */
export async function countLook(root: string, fingerprint: string, run: string): Promise<number | undefined> {
  const file = join(root, FOLDER, `${fingerprint.slice(0, 32)}.txt`);
  try {
    await mkdir(join(root, FOLDER), { recursive: true });
    if (!(await runsIn(file)).has(run)) await appendFile(file, `${run}\n`);
    return (await runsIn(file)).size;
  } catch {
    return undefined;
  }
}

async function runsIn(file: string): Promise<Set<string>> {
  const text = await readFile(file, 'utf8').catch((error) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  });
  // A line that a kill cut short counts as a look: it was one.
  return new Set(text.split('\n').filter((line) => line !== ''));
}
