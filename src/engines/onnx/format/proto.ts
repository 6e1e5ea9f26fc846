/**
 * Writes protobuf messages: just the wire format (https://protobuf.dev/programming-guides/encoding)
 * that ONNX needs. Fields that equal their default are written all the same; readers don't mind.
 */
const VARINT = 0;
const BYTES = 2;
const FIXED32 = 5;
const encoder = new TextEncoder();

/** From here on bytes are kept where they are until the end: weights are copied once. */
const LARGE = 4096;

export class Message {
  // One growing array, not a list of pieces: a model has some ten thousand small ones. Only what is large is
  // one.
  private buffer = new Uint8Array(64);
  private length = 0;
  private readonly pieces: Uint8Array[] = [];
  private before = 0;

  /** A whole number, negative ones as 64-bit two's complement. */
  int(field: number, value: number): this {
    return this.varint(field * 8 + VARINT).varint(value);
  }
  float(field: number, value: number): this {
    this.varint(field * 8 + FIXED32).reserve(4);
    new DataView(this.buffer.buffer).setFloat32(this.length, value, true);
    this.length += 4;
    return this;
  }
  /** Large ones are read when the message is finished. */
  bytes(field: number, value: Uint8Array): this {
    this.varint(field * 8 + BYTES).varint(value.length);
    if (value.length < LARGE) this.append(value, value.length);
    else this.keep(value);
    return this;
  }
  text(field: number, value: string): this {
    const start = this.length;
    this.varint(field * 8 + BYTES)
      .varint(value.length)
      .reserve(value.length);
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      if (code > 127) {
        this.length = start;
        return this.bytes(field, encoder.encode(value));
      }
      this.buffer[this.length++] = code;
    }
    return this;
  }
  message(field: number, value: Message): this {
    this.varint(field * 8 + BYTES).varint(value.before + value.length);
    for (const piece of value.pieces) {
      if (piece.length < LARGE) this.append(piece, piece.length);
      else this.keep(piece);
    }
    this.append(value.buffer, value.length);
    return this;
  }

  finish(): Uint8Array {
    const all = new Uint8Array(this.before + this.length);
    let at = 0;
    for (const piece of this.pieces) {
      all.set(piece, at);
      at += piece.length;
    }
    all.set(this.buffer.subarray(0, this.length), at);
    return all;
  }

  private append(from: Uint8Array, count: number): void {
    this.reserve(count);
    // Most are a few bytes, for which `set` takes longer than a loop.
    if (count < 64) for (let i = 0; i < count; i++) this.buffer[this.length + i] = from[i]!;
    else this.buffer.set(from.subarray(0, count), this.length);
    this.length += count;
  }
  private keep(value: Uint8Array): void {
    this.pieces.push(this.buffer.subarray(0, this.length), value);
    this.before += this.length + value.length;
    this.buffer = new Uint8Array(64);
    this.length = 0;
  }
  private reserve(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    const larger = new Uint8Array(Math.max(2 * this.buffer.length, this.length + bytes));
    larger.set(this.buffer.subarray(0, this.length));
    this.buffer = larger;
  }
  private varint(value: number): this {
    this.reserve(10);
    let rest = value;
    if (value < 0 || value >= 2 ** 31) {
      let wide = BigInt.asUintN(64, BigInt(value));
      for (; wide > 127n; wide >>= 7n) this.buffer[this.length++] = Number(wide & 127n) | 128;
      rest = Number(wide);
    }
    for (; rest > 127; rest >>= 7) this.buffer[this.length++] = (rest & 127) | 128;
    this.buffer[this.length++] = rest;
    return this;
  }
}
