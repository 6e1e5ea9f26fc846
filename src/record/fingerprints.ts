import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../base/sha256.ts';
import type { FileFingerprints } from '../protocol/result.ts';
import { FILES } from './names.ts';

/** What a finished run leaves and nobody changes any more; checkpoints have checksums of their own. */
const NAMES = [
  ...[FILES.config, FILES.resolved, FILES.lock, FILES.plan, FILES.events, FILES.predictions, FILES.model],
  ...[FILES.columns, FILES.features, FILES.exhibits],
] as const;

/**
 * Of the files that are there now. An event log grows by a line after this: what is kept is of its beginning.
 */
export async function fingerprintFiles(folder: string): Promise<FileFingerprints> {
  const found: Record<string, FileFingerprints[string]> = {};
  for (const name of NAMES) {
    const bytes = await readFile(join(folder, name)).catch(() => undefined);
    if (bytes) found[name] = { bytes: bytes.length, sha256: sha256(bytes) };
  }
  return found;
}

/** Names of files that aren't what they were; what is gone is nothing to complain of. */
export async function changedFiles(folder: string, kept: FileFingerprints | undefined): Promise<string[]> {
  const changed: string[] = [];
  for (const name of NAMES) {
    const was = kept?.[name];
    const bytes = was && (await readFile(join(folder, name)).catch(() => undefined));
    if (bytes && sha256(bytes.subarray(0, was.bytes)) !== was.sha256) changed.push(name);
  }
  return changed;
}
