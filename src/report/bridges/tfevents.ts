import { crc32c, masked } from './crc32c.ts';

/** One number of a chart. */
export interface Scalar {
  readonly tag: string;
  readonly value: number;
  readonly step: number;
  /** Seconds since 1970. */
  readonly time: number;
}

/** Fields of protobuf's wire format that `tensorflow.Event` needs. */
const varint = (value: number): number[] => {
  const out: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(Math.trunc(value)));
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    out.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return out;
};
const key = (field: number, wire: 0 | 1 | 2 | 5) => field * 8 + wire;
const bytes = (field: number, value: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([key(field, 2), ...varint(value.length)]), value]);
const text = (field: number, value: string): Buffer => bytes(field, Buffer.from(value, 'utf8'));
function double(field: number, value: number): Buffer {
  const out = Buffer.alloc(9);
  out[0] = key(field, 1);
  out.writeDoubleLE(value, 1);
  return out;
}
function float(field: number, value: number): Buffer {
  const out = Buffer.alloc(5);
  out[0] = key(field, 5);
  out.writeFloatLE(value, 1);
  return out;
}

/** `Event { wall_time = 1, step = 2, file_version = 3 | summary = 5 }` of tensorflow/core/util/event.proto. */
const event = (time: number, step: number, what: Buffer): Buffer =>
  Buffer.concat([double(1, time), Buffer.from(step === 0 ? [] : [key(2, 0), ...varint(step)]), what]);

/** The first record of a file. */
export const versionRecord = (time: number): Buffer => record(event(time, 0, text(3, 'brain.Event:2')));

/** `Summary { value = 1: { tag = 1, simple_value = 2 } }` of tensorflow/core/framework/summary.proto. */
export const scalarRecord = ({ tag, value, step, time }: Scalar): Buffer =>
  record(event(time, step, bytes(5, bytes(1, Buffer.concat([text(1, tag), float(2, value)])))));

/** TFRecord: length as uint64, its masked CRC-32C, the data, their masked CRC-32C; little-endian. */
function record(data: Buffer): Buffer {
  const out = Buffer.alloc(16 + data.length);
  out.writeUInt32LE(data.length, 0);
  out.writeUInt32LE(masked(crc32c(out.subarray(0, 8))), 8);
  data.copy(out, 12);
  out.writeUInt32LE(masked(crc32c(data)), 12 + data.length);
  return out;
}
