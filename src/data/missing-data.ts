import { MlxError } from '../errors.ts';
import type { FileFingerprint } from '../readers/files/data-file.ts';

/** Codes of errors for data that are missing or have changed. */
const ABSENT: ReadonlySet<string> = new Set([
  'data-missing',
  'data-not-a-file',
  'data-unreadable',
  'download-failed',
  'checksum',
]);
const SHOWN = 5;

/**
 * Adds to an error for missing data what an earlier run had: names (or addresses), sizes and hashes of its
 * files.
 */
export function withEarlierFiles(error: unknown, files: readonly FileFingerprint[]): unknown {
  if (!(error instanceof MlxError) || !ABSENT.has(error.code) || files.length === 0) return error;
  const lines = files
    .slice(0, SHOWN)
    .map(({ name, bytes, sha256 }) => `the run was made from ${name}: ${bytes} bytes, sha256 ${sha256}`);
  const more =
    files.length > SHOWN ? [`and from ${files.length - SHOWN} more files (lock.json names them)`] : [];
  const { details } = error;
  const notes = [...(details.notes ?? []), ...lines, ...more];
  return new MlxError(error.code, error.message, error.exit, { ...details, notes });
}
