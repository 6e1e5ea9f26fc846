import { createHash } from 'node:crypto';

/** 64 hexadecimal digits; of a text, the hash of its UTF-8 bytes. */
export const sha256 = (content: Uint8Array | string): string =>
  createHash('sha256').update(content).digest('hex');
