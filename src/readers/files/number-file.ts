import { closeSync, readSync, writeSync } from 'node:fs';
import type { Scratch } from './scratch.ts';

/**
 * Float32 values in an open file, in the machine's byte order; a double takes the room of two. All threads of
 * the process can read it.
 */
export interface NumberFile {
  readonly handle: number;
  /** Values, not bytes. */
  readonly length: number;
  /** Bytes before the first value. */
  readonly offset?: number;
}

/** Bytes of numbers that are kept in memory; more go into a file. The bits are the same. */
export const HELD_IN_MEMORY = 2 ** 28;

/** Fills `out` with the values from `at` on. @throws Error where the file has become shorter */
export function readNumbers({ handle, offset = 0 }: NumberFile, at: number, out: Float32Array): void {
  const bytes = new Uint8Array(out.buffer, out.byteOffset, out.byteLength);
  for (let done = 0; done < bytes.length; ) {
    const read = readSync(handle, bytes, done, bytes.length - done, offset + 4 * at + done);
    if (read === 0) throw new Error('prepared data ended early: their file was cut');
    done += read;
  }
}

export function closeNumbers(file: NumberFile | undefined): void {
  if (file) closeSync(file.handle);
}

const PIECE = 2 ** 18;

/**
 * A buffer for a known number of float32 values, filled from front to back: in shared memory, or in a file
 * beyond the limit.
 */
export class NumberSink {
  private readonly memory: Float32Array | undefined;
  private readonly handle: number | undefined;
  private piece = new Float32Array();
  private used = 0;
  private at = 0;

  constructor(
    private readonly length: number,
    scratch: Scratch,
    limit = HELD_IN_MEMORY,
  ) {
    if (4 * length > limit) this.handle = scratch.file();
    else this.memory = new Float32Array(new SharedArrayBuffer(4 * length));
  }

  /** The next `count` values, still zero: fill them before the next call. */
  next(count: number): Float32Array {
    this.at += count;
    if (this.memory) return this.memory.subarray(this.at - count, this.at);
    if (this.used + count > this.piece.length) {
      this.flush();
      if (this.piece.length < count) this.piece = new Float32Array(Math.max(PIECE, count));
    }
    this.used += count;
    return this.piece.subarray(this.used - count, this.used).fill(0);
  }

  finish(): Float32Array | NumberFile {
    if (this.memory) return this.memory;
    this.flush();
    this.piece = new Float32Array();
    return { handle: this.handle!, length: this.length };
  }

  /** After a failure: nothing is left open. */
  discard(): void {
    if (this.handle !== undefined) closeSync(this.handle);
  }

  private flush(): void {
    const bytes = new Uint8Array(this.piece.buffer, 0, 4 * this.used);
    for (let done = 0; done < bytes.length; ) done += writeSync(this.handle!, bytes, done);
    this.used = 0;
  }
}

/** The same for float64 values, each of which takes the room of two. */
export class DoubleSink {
  private readonly pairs: NumberSink;

  constructor(length: number, scratch: Scratch, limit?: number) {
    this.pairs = new NumberSink(2 * length, scratch, limit);
  }

  next(count: number): Float64Array {
    return asDoubles(this.pairs.next(2 * count));
  }

  finish(): Float64Array | NumberFile {
    const pairs = this.pairs.finish();
    return 'handle' in pairs ? pairs : asDoubles(pairs);
  }

  discard(): void {
    this.pairs.discard();
  }
}

export const asDoubles = ({ buffer, byteOffset, length }: Float32Array): Float64Array =>
  new Float64Array(buffer, byteOffset, length / 2);
