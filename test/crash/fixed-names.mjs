// Loaded before mlx: ids and the names of temporary files follow from a counter, so that a second run makes the same system calls on
// the same paths as the first; and one process number, which no process has.
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';

let counter = Number(process.env.MLX_FIXED_NAMES ?? 0);
crypto.randomBytes = (size) => {
  const bytes = Buffer.alloc(size);
  bytes.writeUInt16BE(++counter);
  return bytes;
};
syncBuiltinESMExports();
Object.defineProperty(process, 'pid', { value: 4_194_303 });
