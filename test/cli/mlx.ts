import { type SpawnOptions, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');
export const config = (name: string) => join(root, 'configs', name);

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command as a user would; `during` may look at the process (to send it a signal). */
export function mlx(
  args: readonly string[],
  options: SpawnOptions & { during?: (child: ReturnType<typeof spawn>, stdout: () => string) => void } = {},
): Promise<Ended> {
  const { during, ...spawnOptions } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'bin/mlx.js'), ...args], {
      env: { ...process.env, CI: '1', NO_COLOR: '1', GITHUB_ACTIONS: '' },
      ...spawnOptions,
    });
    let stdout = '';
    let stderr = '';
    child.stdout!.on('data', (chunk) => {
      stdout += chunk;
      during?.(child, () => stdout);
    });
    child.stderr!.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

export const scratch = (): string => mkdtempSync(join(tmpdir(), 'mlx-'));

/** The one run folder of an experiment. */
export function runFolder(experiments: string, name: string): string {
  const runs = readdirSync(join(experiments, name));
  if (runs.length !== 1) throw new Error(`${runs.length} runs in ${name}`);
  return join(experiments, name, runs[0]!);
}

export const readJson = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8'));

/** Newline-delimited JSON, as `--json` and events.ndjson have it. */
export const lines = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
