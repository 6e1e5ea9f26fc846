import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** System calls that change what a file system holds. */
const MUTATING = [
  ...['write', 'writev', 'pwrite64', 'pwritev', 'copy_file_range', 'ftruncate', 'truncate', 'fallocate'],
  ...['fsync', 'fdatasync', 'open', 'creat', 'openat', 'rename', 'renameat', 'renameat2', 'link', 'linkat'],
  ...[
    'symlink',
    'symlinkat',
    'mkdir',
    'mkdirat',
    'unlink',
    'unlinkat',
    'rmdir',
    'utimensat',
    'chmod',
    'fchmod',
  ],
].map((name) => `?${name}`); // not every architecture has each

export const FAULTS = ['KILL', 'EIO', 'ENOSPC', 'EROFS'] as const;
export type Fault = (typeof FAULTS)[number];

/** The `nth` call of this kind on this path in its thread. */
export interface Call {
  readonly name: string;
  readonly path: string;
  readonly nth: number;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Why strace can't be used here; undefined where it can. */
export function straceMissing(): string | undefined {
  if (process.platform !== 'linux') return 'system calls are traced on Linux alone';
  try {
    execFileSync('strace', ['-f', '-o', '/dev/null', 'true'], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    const { code, stderr } = error as { code?: string; stderr?: Buffer };
    return code === 'ENOENT'
      ? 'strace is not installed'
      : `strace isn't permitted: ${String(stderr ?? '').trim()}`;
  }
}

export interface Command {
  /** What mlx is asked to do. */
  readonly args: readonly string[];
  readonly root: string;
  readonly cwd: string;
  /** Where the counter of names starts. */
  readonly names?: number;
  readonly cache?: string;
}

/** Runs mlx as it is. */
export const plain = (command: Command): Promise<Ended> =>
  started(process.execPath, [join(command.root, 'bin/mlx.js'), ...command.args], command, {});

/** Runs mlx under strace; `at` makes one call fail, or the process die when it makes it. @returns also what strace wrote */
export async function traced(
  command: Command,
  at?: { readonly call: Call; readonly fault: Fault },
): Promise<Ended & { readonly trace: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'mlx-trace-'));
  try {
    const file = join(folder, 'trace');
    const options = ['-f', '-y', '-s', '0', ...(at ? injection(at) : EVERY), '-o', file];
    const mlx = [process.execPath, join(command.root, 'bin/mlx.js'), ...command.args];
    // `when` counts the calls of each thread, so that there must be one thread for files.
    const env = { UV_THREADPOOL_SIZE: '1', UV_USE_IO_URING: '0' };
    const ended = await started('strace', [...options, '--', ...mlx], command, env);
    const trace = readFileSync(file, 'utf8');
    if (at && !(at.fault === 'KILL' ? /killed by SIGKILL/ : /\(INJECTED\)/).test(trace))
      throw new Error(`the fault never came: ${at.fault} at ${nameOf(at.call)}\n${ended.stderr}`);
    return { ...ended, trace };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const EVERY = ['--seccomp-bpf', '-e', `trace=${MUTATING.join()}`];

function injection({ call: { name, path, nth }, fault }: { call: Call; fault: Fault }): string[] {
  const what = fault === 'KILL' ? 'signal=KILL' : `error=${fault}`;
  // A signal is lost where strace stops by seccomp.
  const fast = fault === 'KILL' ? [] : ['--seccomp-bpf'];
  return [...fast, '-P', path, '-e', `trace=${name}`, '-e', `inject=${name}:${what}:when=${nth}`];
}

export const nameOf = ({ name, path, nth }: Call): string => `${name} ${nth} of ${path}`;

function started(
  file: string,
  args: readonly string[],
  { root, cwd, names, cache }: Command,
  more: Readonly<Record<string, string>>,
): Promise<Ended> {
  const env = {
    ...process.env,
    ...{ CI: '1', NO_COLOR: '1', GITHUB_ACTIONS: '', ...more },
    ...(names !== undefined && {
      NODE_OPTIONS: `--import ${pathToFileURL(join(root, 'test/crash/fixed-names.mjs')).href}`,
      MLX_FIXED_NAMES: String(names),
    }),
    ...(cache !== undefined && { XDG_CACHE_HOME: cache }),
  };
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

const CALL = /^(\d+) +(?:<\.\.\. )?(\w+)\((?:AT_FDCWD(?:<[^>]*>)?, )?(?:\d+<([^>]*)>|"([^"]*)")/;

/**
 * The mutating calls of a trace that touch a path below `folder`, in order. One that strace can't hit, since its `nth` call is
 * another thread's first, is left out: opening a log for more that was opened for reading before.
 */
export function callsIn(trace: string, folder: string): Call[] {
  const counts = new Map<string, Map<string, number>>();
  return trace.split('\n').flatMap((line): Call[] => {
    const [, thread, name, opened, named] = CALL.exec(line) ?? [];
    const path = opened ?? named;
    if (name === undefined || path === undefined || !(path === folder || path.startsWith(`${folder}/`)))
      return [];
    const threads = counts.get(`${name} ${path}`) ?? new Map<string, number>();
    counts.set(`${name} ${path}`, threads);
    const nth = (threads.get(thread!) ?? 0) + 1;
    threads.set(thread!, nth);
    const hidden = [...threads].some(([other, count]) => other !== thread && count >= nth);
    // Opening for reading counts, since strace counts it, but changes nothing.
    return hidden || (/^open/.test(name) && !/O_CREAT|O_TRUNC/.test(line)) ? [] : [{ name, path, nth }];
  });
}
