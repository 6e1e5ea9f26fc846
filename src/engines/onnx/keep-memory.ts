import { MessageChannel } from 'node:worker_threads';

/** Just below the largest threshold that glibc takes over: 32 MiB. */
const LARGE = 31 * 2 ** 20;

/**
 * Lets the process keep memory that it frees, instead of handing it back and asking for it anew: ONNX
 * Runtime's binding copies every output of every call to a new buffer, and each first touch of a page is a
 * trip to the kernel. glibc takes large pieces from the kernel one by one until it sees one freed; from then
 * on pieces up to that size come from its heap, and up to twice that much stays there (mallopt(3),
 * M_MMAP_THRESHOLD). So one is taken, untouched, and freed: a message to a port that is closed is dropped
 * with all that it carries. Elsewhere that does nothing.
 */
export function keepFreedMemory(): void {
  if (kept || process.platform !== 'linux') return;
  kept = true;
  const { port1, port2 } = new MessageChannel();
  port2.close();
  const piece = new ArrayBuffer(LARGE);
  port1.postMessage(piece, [piece]);
  port1.close();
}

let kept = false;
