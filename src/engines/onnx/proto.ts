/**
 * Writes protobuf messages: just the wire format (https://protobuf.dev/programming-guides/encoding)
 * that ONNX needs. Fields that equal their default are written all the same; readers don't mind.
 */
const VARINT = 0;
const BYTES = 2;
const FIXED32 = 5;

export class Message {
  private readonly chunks: Uint8Array[] = [];
  private length = 0;

  /** A whole number, negative ones as 64-bit two's complement. */
  int(field: number, value: number): this {
    return this.push(varint(field * 8 + VARINT)).push(varint(value));
  }
  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.push(varint(field * 8 + FIXED32)).push(bytes);
  }
  bytes(field: number, value: Uint8Array): this {
    return this.push(varint(field * 8 + BYTES))
      .push(varint(value.length))
      .push(value);
  }
  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }
  message(field: number, value: Message): this {
    this.push(varint(field * 8 + BYTES)).push(varint(value.length));
    for (const chunk of value.chunks) this.push(chunk);
    return this;
  }

  finish(): Uint8Array {
    const out = new Uint8Array(this.length);
    let at = 0;
    for (const chunk of this.chunks) {
      out.set(chunk, at);
      at += chunk.length;
    }
    return out;
  }

  private push(chunk: Uint8Array): this {
    this.chunks.push(chunk);
    this.length += chunk.length;
    return this;
  }
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
