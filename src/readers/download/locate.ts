import { configError } from '../../errors.ts';
import type { FileFingerprint, NamedFile } from '../files/data-file.ts';
import { findFiles } from '../files/find-files.ts';
import { fingerprints } from '../files/fingerprints.ts';
import type { SourceContext } from '../source-context.ts';
import { isAddress } from './fetch-file.ts';
import { downloadPath, remoteFile, wrongContent } from './remote-file.ts';

export interface Located {
  readonly files: readonly NamedFile[];
  readonly hashes: readonly FileFingerprint[];
}

/**
 * The files of a source on this machine, with their hashes; remote files are downloaded first.
 * @param known hashes computed a moment ago, those of this source first
 * @throws MlxError as `findFiles`, `fingerprints` and `remoteFile`; `checksum` for a file that isn't what the
 * config pins
 */
export async function locate(
  { path, sha256 }: { readonly path: string; readonly sha256: string | null },
  ctx: SourceContext,
  known?: readonly FileFingerprint[],
): Promise<Located> {
  if (isAddress(path)) {
    if (known)
      return {
        files: [{ path: downloadPath(ctx.cache, known[0]!.sha256), name: path }],
        hashes: known.slice(0, 1),
      };
    const { file, fingerprint } = await remoteFile(path, sha256, ctx);
    return { files: [file], hashes: [fingerprint] };
  }
  const files = findFiles(path, ctx.folder);
  const hashes = known?.slice(0, files.length) ?? (await fingerprints(files));
  if (sha256 !== null) {
    if (files.length > 1)
      throw configError('sha256-of-many', `\`sha256\` is of one file; ${files.length} match ${path}`, {
        path: ['data', 'source', 'sha256'],
        help: 'leave it out: the hash of each file is recorded in lock.json anyway',
      });
    if (hashes[0]!.sha256 !== sha256) throw wrongContent(path, sha256, hashes[0]!.sha256);
  }
  return { files, hashes };
}
