/**
 * Writes protobuf messages: just the wire format (https://protobuf.dev/programming-guides/encoding)
 * that ONNX needs. Fields that equal their default are written all the same; readers don't mind.
 */
const VARINT = 0;
const BYTES = 2;
const FIXED32 = 5;
const encoder = new TextEncoder();

export class Message {
  // One growing array, not a list of pieces: a model has some ten thousand of them.
  private buffer = new Uint8Array(64);
  private length = 0;

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
  bytes(field: number, value: Uint8Array): this {
    this.varint(field * 8 + BYTES)
      .varint(value.length)
      .reserve(value.length);
    this.buffer.set(value, this.length);
    this.length += value.length;
    return this;
  }
  text(field: number, value: string): this {
    return this.bytes(field, encoder.encode(value));
  }
  message(field: number, value: Message): this {
    return this.bytes(field, value.written());
  }

  finish(): Uint8Array {
    return this.written().slice();
  }

  private written(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }
  private reserve(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    const larger = new Uint8Array(Math.max(2 * this.buffer.length, this.length + bytes));
    larger.set(this.written());
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
