import { randomBytes } from 'node:crypto';
import { mkdirSync, openSync, readdirSync, rmSync, unlinkSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A folder of this process for what is too large for memory; removed when the process ends, at the latest at
 * the next start.
 */
export interface Scratch {
  /** Its path; the folder is made when this is asked for the first time. */
  path(): string;
  /** A new file that has already been unlinked: it disappears when it is closed, however the process ends. */
  file(): number;
  remove(): void;
}

const PREFIX = 'scratch-';
const host = () => hostname().replace(/[^A-Za-z0-9.]/g, '_');

/**
 * @param cache folder for derived data; where it can't be written, the system's folder for temporary files
 * serves
 */
export function openScratch(cache: string): Scratch {
  let made: string | undefined;
  const remove = () => {
    if (made !== undefined) rmSync(made, { recursive: true, force: true });
    made = undefined;
    process.off('exit', remove);
  };
  const path = () => {
    if (made !== undefined) return made;
    const name = `${PREFIX}${host()}-${process.pid}-${randomBytes(4).toString('hex')}`;
    for (const base of [join(cache, 'tmp'), join(tmpdir(), 'mlx-experiments')])
      try {
        mkdirSync(join(base, name), { recursive: true, mode: 0o700 });
        made = join(base, name);
        sweep(base);
        break;
      } catch (error) {
        if (base !== join(cache, 'tmp')) throw error;
      }
    process.on('exit', remove);
    return made!;
  };
  return {
    path,
    file() {
      const name = join(path(), randomBytes(8).toString('hex'));
      const handle = openSync(name, 'wx+', 0o600);
      try {
        unlinkSync(name);
      } catch {
        // Where an open file can't be unlinked, it goes with the folder.
      }
      return handle;
    },
    remove,
  };
}

/** Removes what killed processes of this machine left behind. */
function sweep(base: string): void {
  for (const name of readdirSync(base)) {
    const owner = new RegExp(`^${PREFIX}(.+)-(\\d+)-[0-9a-f]{8}$`).exec(name);
    if (owner?.[1] !== host() || isAlive(Number(owner[2]))) continue;
    rmSync(join(base, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
