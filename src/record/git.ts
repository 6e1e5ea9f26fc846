import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface GitState {
  readonly commit: string;
  /** Whether the folder has changes that aren't committed; null where git took too long to tell. */
  readonly dirty: boolean | null;
}

/**
 * The repository that a folder belongs to; null without git, repository or commit. Never fails, takes 2 s at
 * most.
 */
export async function gitState(folder: string): Promise<GitState | null> {
  // One process where it can be: starting one holds up the thread that does it.
  const status = await git(folder, 'status', '--porcelain=v2', '--branch', '--', '.');
  const lines = status?.split('\n').filter((line) => line !== '');
  const commit =
    lines?.find((line) => line.startsWith(OID))?.slice(OID.length) ??
    (await git(folder, 'rev-parse', '--verify', 'HEAD'))?.trim();
  if (!commit || !/^[0-9a-f]{40,64}$/.test(commit)) return null;
  return { commit, dirty: lines ? lines.some((line) => !line.startsWith('#')) : null };
}

const OID = '# branch.oid ';

async function git(folder: string, ...command: string[]): Promise<string | null> {
  // No index refresh is written, no monitor that the repository's config names is started, and variables that
  // point git elsewhere (as in a hook) don't count.
  const options = ['--no-optional-locks', '-c', 'core.fsmonitor=false', '-C', folder];
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('GIT_')));
  try {
    const done = await promisify(execFile)('git', [...options, ...command], {
      timeout: 1000,
      windowsHide: true,
      env,
    });
    return done.stdout;
  } catch {
    return null;
  }
}
