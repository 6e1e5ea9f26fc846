import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { MlxError } from '../../src/errors.ts';
import type { SourceContext } from '../../src/readers/source-context.ts';

/** A folder of its own, gone after the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'mlx-data-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

export function context(more: Partial<SourceContext> = {}): SourceContext {
  const root = resolve(import.meta.dirname, '../..');
  return {
    folder: root,
    cache: join(root, '.cache'),
    root,
    task: 'classification',
    numeric: more.task === 'regression',
    seed: 1,
    ...more,
  };
}

/** Bytes of an IDX file, written out by the format's description. */
export function idxBytes(sizes: number[], content: ArrayLike<number>, type = 8): Buffer {
  const sizeBytes = sizes.flatMap((n) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]);
  return Buffer.from([0, 0, type, sizes.length, ...sizeBytes, ...Array.from(content)]);
}

/** Four images of 2 x 3 pixels with the labels 1, 0, 2, 1. */
export const IMAGES = idxBytes(
  [4, 2, 3],
  Array.from({ length: 24 }, (_, i) => i * 10),
);
export const LABELS = idxBytes([4], [1, 0, 2, 1]);

export function write(path: string, files: Record<string, Uint8Array>): void {
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(path, name), bytes);
}

/** The MlxError that the work ends with. */
export async function failure(work: () => unknown): Promise<MlxError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof MlxError) return error;
    throw error;
  }
  throw new Error('no error was thrown');
}
