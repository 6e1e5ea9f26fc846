import * as z from 'zod';
import { isReadable, SHA256 } from '../readers/download/remote-file.ts';

/** Where a file is: here, or on the web. */
export const filePath = (what: string) =>
  z
    .string()
    .min(1)
    .refine(isReadable, {
      error:
        'expected a file, or an address that starts with https:// (http:// on this machine alone) and holds no password',
    })
    .describe(`${what}; or an https:// address, downloaded once`);

export const fileSha256 = () =>
  z
    .string()
    .regex(SHA256, { error: 'expected the 64 digits 0-9, a-f of a SHA-256 hash' })
    .nullable()
    .default(null)
    .describe('hash that the file must have; pins the content of a download');
