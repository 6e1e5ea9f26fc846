import { MessageChannel } from 'node:worker_threads';

/** Just below the largest threshold that glibc takes over: 32 MiB. */
const LARGE = 31 * 2 ** 20;

/**
 * Makes the process keep memory that it frees instead of returning it to the kernel and asking for it again.
 * ONNX Runtime's binding copies every output of every call to a new buffer, and the first touch of each page
 * costs a page fault.
 * glibc takes large pieces from the kernel one by one until one of them is freed. From then on pieces of up
 * to that size come from its heap, where up to twice that size stays (mallopt(3), M_MMAP_THRESHOLD). So this
 * takes one piece, leaves it untouched and frees it: a message to a closed port is dropped with all that it
 * carries. On other systems it does nothing.
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
