import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { MlxError } from '../../src/errors.ts';
import type { EpochEvent, StepEvent } from '../../src/protocol/events.ts';
import type { Result } from '../../src/protocol/result.ts';
import { createRun, type Lock, type NewRun } from '../../src/record/index.ts';

const made: string[] = [];
const mounted: string[] = [];
afterAll(() => {
  for (const folder of mounted) execFileSync('umount', ['-l', folder]);
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** An empty folder that the test run removes. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mlx-record-'));
  made.push(folder);
  return folder;
}

/** A file system of its own, or the reason why there's none here. */
export function mountTmpfs(options: string): string | { readonly reason: string } {
  const folder = scratch();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'pipe' });
    mounted.push(folder);
    return folder;
  } catch (error) {
    return {
      reason: `mount isn't permitted: ${String((error as Error).message)
        .split('\n')
        .pop()}`,
    };
  }
}

export const remount = (folder: string, options: string) =>
  execFileSync('mount', ['-o', `remount,${options}`, folder], { stdio: 'pipe' });

/** All names below a folder, sorted. */
export const treeOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();

export async function failureOf(work: () => unknown): Promise<MlxError> {
  try {
    await work();
  } catch (error) {
    expect(error).toBeInstanceOf(MlxError);
    return error as MlxError;
  }
  throw new Error('it did not fail');
}

export const newRun = (root: string, more: Partial<NewRun> = {}) =>
  createRun({
    root,
    name: 'digits',
    configText: 'name: digits  # my comment\n',
    resolvedText: 'name: digits\nseed: 42\n',
    planText: 'plan\n',
    lock: () => ({ format: 1, seed: 42 }) as Lock,
    ...more,
  });

export const step = (n: number): StepEvent => ({
  type: 'step',
  epoch: 1,
  step: n,
  step_in_epoch: n,
  metrics: { loss: 1 / n },
  scalars: { 'optimizer.learning_rate': 0.001 },
  samples_per_second: 1000,
});
export const epoch = (n: number): EpochEvent => ({
  type: 'epoch',
  epoch: n,
  step: 10 * n,
  metrics: { loss: 0.5, accuracy: 0.8 },
  scalars: {},
  seconds: 1,
  samples_per_second: 1000,
  best: true,
});
export const result: Result = {
  format: 1,
  status: 'completed',
  metrics: { test: { accuracy: { value: 0.5, interval: [0.4, 0.6] } } },
  parameters: 3,
  epochs: 2,
  seconds: 1.5,
  samples_per_second: 100,
  engine: { type: 'onnx', provider: 'cpu', threads: 2, version: '1.30.0', options: {} },
};
