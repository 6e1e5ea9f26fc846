import { createReadStream, statSync } from 'node:fs';
import { type NamedFile, peek } from '../files/data-file.ts';

/** Bytes that are read from front to back: a file, or an entry of a zip file. */
export interface ByteSource {
  /** For messages: `mnist.npz: x_train`. */
  readonly name: string;
  readonly size: number;
  /**
   * The first bytes, `most` at most, unpacked from the first `limit` stored bytes; possibly fewer.
   * Synchronous.
   * @throws Error
   */
  peek(limit: number, most?: number): Uint8Array;
  /** @throws MlxError where the bytes aren't what the header announced */
  read(): AsyncIterable<Uint8Array>;
}

/** A whole file. */
export const fileBytes = ({ path, name }: NamedFile): ByteSource => ({
  name,
  size: statSync(path, { throwIfNoEntry: false })?.size ?? 0,
  peek: (limit) => peek(path, limit) ?? new Uint8Array(),
  read: () => createReadStream(path, { highWaterMark: 2 ** 20 }),
});
