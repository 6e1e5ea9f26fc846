import { randomBytes } from 'node:crypto';
import { mkdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { configError } from '../errors.ts';
import { syncFolder } from './atomic.ts';
import { writeFailure } from './failure.ts';

/** Hex digits of the ids that are tried: short ones first, for people, then ones that never collide. */
const LENGTHS = [4, 4, 4, 4, 6, 6, 8, 8, 16, 32];
/** Windows keeps these names for devices, whatever follows the dot. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * Makes `<root>/<name>/<run-id>`: no two runs ever get the same one, however many start at once.
 * @param id of a run whose group has this id for itself; else a new one is found
 * @returns its path, below `root` as given
 * @throws MlxError `experiment-name` for a name that is no single folder below `root`, `record-write`
 */
export async function claimFolder(root: string, name: string, id?: string): Promise<string> {
  checkName(root, name);
  const parent = join(root, name);
  try {
    await makeFolder(parent);
    // A link could lead out of the root even under a good name.
    if (dirname(await realpath(parent)) !== (await realpath(root))) throw badName(name, 'leads out of it');
    if (id !== undefined) {
      // A start that a kill cut short may have left it without a config: then it is nobody's yet.
      await made(join(parent, id));
      await syncFolder(parent);
      return join(parent, id);
    }
    for (const length of LENGTHS) {
      const id = randomBytes(16).toString('hex').slice(0, length);
      if (await made(join(parent, id))) {
        await syncFolder(parent);
        await syncFolder(root);
        return join(parent, id);
      }
    }
  } catch (error) {
    throw writeFailure(error, parent);
  }
  throw new Error(`internal: no free run id in ${parent}`);
}

/** mkdir's own `recursive` hides the reason: it says ENOENT on a read-only disk. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && dirname(path) !== path) {
      await makeFolder(dirname(path));
      await makeFolder(path);
    } else if (!(code === 'EEXIST' && (await stat(path)).isDirectory())) throw error;
  }
}

async function made(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function checkName(root: string, name: string): void {
  const path = resolve(root, name);
  const inside = dirname(path) === resolve(root) && basename(path) === name;
  if (!inside || !/^[A-Za-z0-9._-]+$/.test(name)) throw badName(name, 'can’t be a folder in it');
  if (name.length > 200) throw badName(`${name.slice(0, 40)}…`, 'is too long for a folder');
  if (RESERVED.test(name) || name.endsWith('.')) throw badName(name, 'is reserved on Windows');
}

const badName = (name: string, why: string) =>
  configError(
    'experiment-name',
    `experiments are folders below one root, and ${JSON.stringify(name)} ${why}`,
    {
      path: ['name'],
      help: 'use letters, digits, `.`, `_` and `-`, e.g. `mnist-cnn`',
    },
  );
