import { randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dataError } from '../errors.ts';
import { writeFailure } from './failure.ts';
import type { Lease } from './lease.ts';
import type { FILES } from './names.ts';

/** Below an experiments folder, hidden from those who look for runs there. */
const TRASH = '.trash';

/**
 * Takes a run's folder away, or one folder of it: under the run's lease it is renamed into the trash as a
 * whole, and only then removed piece by piece, so that nobody ever meets half a run. What a kill leaves in
 * the trash goes with the next `emptyTrash`.
 * @param lease of the folder; it is released @throws MlxError `record-write`
 */
export function discard(root: string, folder: string, lease: Lease, part?: typeof FILES.checkpoints): void {
  let trashed: string;
  try {
    trashed = intoTrash(root, part === undefined ? folder : join(folder, part));
  } finally {
    lease.release();
  }
  removeTree(trashed);
  if (part === undefined) removeIfEmpty(dirname(folder));
}

/** Takes away a file or folder that no run has. @throws MlxError `record-write` */
export function discardLeftover(root: string, path: string): void {
  removeTree(intoTrash(root, path));
  removeIfEmpty(dirname(path));
}

function intoTrash(root: string, path: string): string {
  const trash = trashOf(root);
  const to = join(trash, randomBytes(8).toString('hex'));
  try {
    renameSync(path, to);
  } catch (error) {
    throw writeFailure(error, path);
  }
  return to;
}

/** A real folder: through a link, things outside would be removed. */
function trashOf(root: string): string {
  const path = join(root, TRASH);
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw writeFailure(error, path);
  }
  if (lstatSync(path).isDirectory()) return path;
  throw dataError('record-write', `${path} is no folder`, { help: 'move it away' });
}

/** What earlier cleanings were kept from removing. */
export function trashed(root: string): string[] {
  const path = join(root, TRASH);
  try {
    return lstatSync(path).isDirectory() ? readdirSync(path).map((name) => join(path, name)) : [];
  } catch {
    return [];
  }
}

/** @throws MlxError `record-write` */
export function emptyTrash(root: string): void {
  for (const path of trashed(root)) removeTree(path);
  removeIfEmpty(join(root, TRASH));
}

/** Follows no link. */
function removeTree(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    throw writeFailure(error, path);
  }
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // it holds other runs
  }
}

/** Bytes of all files below a path; links count for themselves. */
export function sizeOf(path: string): number {
  try {
    const found = lstatSync(path);
    if (!found.isDirectory()) return found.size;
    return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
  } catch {
    return 0;
  }
}
