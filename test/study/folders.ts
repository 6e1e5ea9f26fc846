import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { Result } from '../../src/protocol/result.ts';

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mlx-study-'));
  made.push(folder);
  return folder;
}

export const result = (accuracy: number, more: Partial<Result> = {}): Result => ({
  format: 1,
  status: 'completed',
  metrics: { test: { loss: { value: 1 - accuracy }, accuracy: { value: accuracy, interval: [0, 1] } } },
  parameters: 10,
  epochs: 3,
  seconds: 12,
  samples_per_second: 100,
  engine: { type: 'onnx', provider: 'cpu', threads: 2, version: '1', options: {} },
  ...more,
});

/** A run folder as a run leaves it, without what a list doesn't read. */
export function makeRun(root: string, name: string, id: string, files: Record<string, string>): string {
  const folder = join(root, name, id);
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries({ 'config.yaml': 'name: x\n', ...files }))
    writeFileSync(join(folder, file), text);
  return folder;
}

export const startedLine = (time: string, name = 'digits') =>
  `${JSON.stringify({ type: 'run_started', name, run: 'x', seed: 42, epochs: 5, parameters: 10, engine: { type: 'onnx', threads: 2 }, time })}\n`;
export const epochLine = (epoch: number) =>
  `${JSON.stringify({ type: 'epoch', epoch, step: epoch * 10, metrics: { loss: 0.5, val_loss: 0.6 }, scalars: {}, seconds: 1, samples_per_second: 1, best: false })}\n`;
