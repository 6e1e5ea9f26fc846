import { randomBytes } from 'node:crypto';
import {
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { dataError } from '../errors.ts';
import { writeFailure } from './failure.ts';
import { FILES } from './names.ts';

/** Who writes to a run folder. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /**
   * Of Linux: which boot, and when the process started in it, so that a pid that is used again isn't taken
   * for it.
   */
  readonly boot: string | null;
  readonly started: string | null;
}

const BEAT_MS = 5_000;
/** A holder on another machine is believed dead after this long without a sign of life. */
const DEAD_MS = 60_000;

/** `lease.json`: while it is held, its time of change is the holder's heartbeat. */
export interface Lease {
  release(): void;
}

/**
 * Takes a run folder for this process alone. A holder that died leaves its lease behind; that one is taken
 * over.
 * @throws MlxError `run-busy` (exit 3) while another process writes there, `record-write`
 */
export function takeLease(folder: string): Lease {
  const path = join(folder, FILES.lease);
  const mine = JSON.stringify(me());
  for (let tries = 0; tries < 5; tries++) {
    try {
      put(path, mine);
      return held(path, mine);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw writeFailure(error, path);
    }
    const found = readLease(folder);
    if (found?.alive) throw busy(folder, found.holder);
    if (found) setAside(path, found.text);
  }
  throw busy(folder, undefined);
}

/**
 * Makes the file with all of its content or not at all: a torn one, after a kill or on a full disk, would
 * look as if somebody were just taking the lease.
 * @throws the system's error, EEXIST where there is a lease
 */
function put(path: string, text: string): void {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    writeFileSync(temporary, text, { flag: 'wx' });
    linkSync(temporary, path);
  } catch (error) {
    if (!NO_LINKS.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    writeFileSync(path, text, { flag: 'wx' });
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** What file systems without hard links say. */
const NO_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

function held(path: string, mine: string): Lease {
  const beat = setInterval(() => {
    try {
      const now = new Date();
      utimesSync(path, now, now);
    } catch {
      // Others find an old heartbeat; training goes on.
    }
  }, BEAT_MS);
  beat.unref();
  let released = false;
  return {
    release() {
      if (released) return;
      released = true;
      clearInterval(beat);
      try {
        if (readFileSync(path, 'utf8') === mine) unlinkSync(path);
      } catch {
        // gone already, or the disk refuses: then it is found dead later
      }
    },
  };
}

/** Removes a dead lease, and only that one: if another process was faster, its new lease comes back. */
function setAside(path: string, text: string): void {
  const aside = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    renameSync(path, aside);
    if (readFileSync(aside, 'utf8') !== text) linkSync(aside, path);
    unlinkSync(aside);
  } catch {
    // somebody else did
  }
}

interface Found {
  readonly text: string;
  readonly holder?: Holder;
  readonly alive: boolean;
}

/** Whether a process still writes to a run folder; undefined where none has said so. Never throws. */
export function readLease(folder: string): Found | undefined {
  const path = join(folder, FILES.lease);
  try {
    const text = readFileSync(path, 'utf8');
    const beat = statSync(path).mtimeMs;
    const holder = asHolder(text);
    return { text, holder, alive: isAlive(holder, Date.now() - beat) };
  } catch {
    return undefined;
  }
}

/** @param silent milliseconds since the last heartbeat */
function isAlive(holder: Holder | undefined, silent: number): boolean {
  const recent = Math.abs(silent) < DEAD_MS;
  // Without hard links a lease isn't made at once: one without content may be a moment old, or torn by a
  // kill.
  if (!holder) return Math.abs(silent) < BEAT_MS;
  if (holder.host !== hostname()) return recent;
  if (holder.boot !== bootId()) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const started = startOf(holder.pid);
  // Without /proc a pid that is used again can't be told apart, but it beats no more.
  return holder.started === null || started === null ? recent : holder.started === started;
}

const me = (): Holder => ({
  pid: process.pid,
  host: hostname(),
  boot: bootId(),
  started: startOf(process.pid),
});

function asHolder(text: string): Holder | undefined {
  try {
    const value = JSON.parse(text) as Holder;
    return Number.isSafeInteger(value?.pid) && value.pid > 0 && typeof value.host === 'string'
      ? value
      : undefined;
  } catch {
    return undefined;
  }
}

const bootId = (): string | null => read('/proc/sys/kernel/random/boot_id')?.trim() ?? null;

/** Field 22 of /proc/<pid>/stat; the name before it may hold spaces and brackets. */
const startOf = (pid: number): string | null =>
  read(`/proc/${pid}/stat`)?.replace(/^.*\)/s, '').trim().split(' ')[19] ?? null;

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

const busy = (folder: string, holder: Holder | undefined) =>
  dataError(
    'run-busy',
    `${folder} is being written by ${holder ? `process ${holder.pid} on ${JSON.stringify(holder.host)}` : 'another process'}`,
    { help: 'wait until it has ended, or stop it with Ctrl-C' },
  );
