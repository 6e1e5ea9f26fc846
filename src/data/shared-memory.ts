type Numbers = Uint8Array | Uint32Array | Int32Array | Float32Array | Float64Array;

/** The same values in shared memory; the array itself if it is there already. */
export function inSharedMemory<T extends Numbers>(array: T): T {
  if (array.buffer instanceof SharedArrayBuffer) return array;
  const make = array.constructor as new (buffer: SharedArrayBuffer) => T;
  const out = new make(new SharedArrayBuffer(array.byteLength));
  out.set(array as never);
  return out;
}
