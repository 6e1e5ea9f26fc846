import { dataError, MlxError } from '../errors.ts';

/** What the operating system said, and what to do about it. */
const REASONS: Readonly<Record<string, readonly [reason: string, help: string]>> = {
  ENOSPC: ['the disk is full', 'free some space, or write elsewhere with --experiments <folder>'],
  EDQUOT: ['the disk quota is used up', 'free some space, or write elsewhere with --experiments <folder>'],
  EFBIG: ['the file would be larger than is allowed here', 'raise the limit on file sizes (ulimit -f)'],
  EROFS: ['the file system is read-only', 'write elsewhere with --experiments <folder>'],
  EACCES: ['permission denied', 'make the folder writable, or write elsewhere with --experiments <folder>'],
  EPERM: ['permission denied', 'make the folder writable, or write elsewhere with --experiments <folder>'],
  ENOTDIR: ['a file stands where a folder should be', 'move the file away, or choose --experiments <folder>'],
  EEXIST: ['a file stands where a folder should be', 'move the file away, or choose --experiments <folder>'],
  EISDIR: ['a folder stands where a file should be', 'move the folder away'],
  ENOENT: ['the run folder is gone', 'leave experiments alone while they run'],
  ENAMETOOLONG: ['the path is too long', 'give the experiment a shorter name'],
  ELOOP: ['its links lead in a circle', 'write elsewhere with --experiments <folder>'],
  EMFILE: ['too many files are open', 'raise the limit on open files (ulimit -n)'],
  EIO: ['the disk reports an error', 'check the disk, or write elsewhere with --experiments <folder>'],
};

/**
 * The error to throw for a failed write at `path`; what is no failure of the system passes through unchanged.
 * @returns MlxError `record-write` with exit code 3
 */
export function writeFailure(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (error instanceof MlxError || code === undefined || !/^E[A-Z0-9]+$/.test(code)) return error;
  const [reason, help] = REASONS[code] ?? [
    'the system refuses',
    'write elsewhere with --experiments <folder>',
  ];
  return dataError('record-write', `can't write ${path}: ${reason} (${code})`, { help, cause: error });
}
