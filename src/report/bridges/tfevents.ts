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

/**
 * `Event { wall_time = 1, step = 2, file_version = 3 | summary = 5 }` of tensorflow/core/util/event.proto.
 */
const event = (time: number, step: number, what: Buffer): Buffer =>
  Buffer.concat([double(1, time), Buffer.from(step === 0 ? [] : [key(2, 0), ...varint(step)]), what]);

/** The first record of a file. */
export const versionRecord = (time: number): Buffer => record(event(time, 0, text(3, 'brain.Event:2')));

/** `Summary { value = 1: { tag = 1, simple_value = 2 } }` of tensorflow/core/framework/summary.proto. */
export const scalarRecord = ({ tag, value, step, time }: Scalar): Buffer =>
  record(event(time, step, bytes(5, bytes(1, Buffer.concat([text(1, tag), float(2, value)])))));

export type HyperParameters = ReadonlyMap<string, string | number | boolean>;

/**
 * What the HParams plugin knows a run by: `Summary { value = 1: { tag = 1, metadata = 9: { plugin_data = 1: {
 * plugin_name = 1, content = 2 } } } }`, the content being `HParamsPluginData` of
 * tensorboard/plugins/hparams/plugin_data.proto.
 */
const pluginRecord = (tag: string, time: number, content: Buffer): Buffer => {
  const plugin = bytes(1, Buffer.concat([text(1, 'hparams'), bytes(2, content)]));
  return record(
    event(time, 0, bytes(5, bytes(1, Buffer.concat([text(1, `_hparams_/${tag}`), bytes(9, plugin)])))),
  );
};

/** `session_start_info = 3: { hparams = 1 (a map), start_time_secs = 5 }`. */
export const sessionStart = (hyperparameters: HyperParameters, time: number): Buffer =>
  pluginRecord(
    'session_start_info',
    time,
    bytes(
      3,
      Buffer.concat([
        ...[...hyperparameters].map(([name, value]) =>
          bytes(1, Buffer.concat([text(1, name), bytes(2, protobufValue(value))])),
        ),
        double(5, time),
      ]),
    ),
  );

/** `session_end_info = 4: { status = 1 (1 success, 2 failure), end_time_secs = 2 }`. */
export const sessionEnd = (succeeded: boolean, time: number): Buffer =>
  pluginRecord(
    'session_end_info',
    time,
    bytes(4, Buffer.concat([Buffer.from([key(1, 0), succeeded ? 1 : 2]), double(2, time)])),
  );

/** `google.protobuf.Value`: number_value = 2, string_value = 3, bool_value = 4. */
const protobufValue = (value: string | number | boolean): Buffer =>
  typeof value === 'number'
    ? double(2, value)
    : typeof value === 'string'
      ? text(3, value)
      : Buffer.from([key(4, 0), value ? 1 : 0]);

/** TFRecord: length as uint64, its masked CRC-32C, the data, their masked CRC-32C; little-endian. */
function record(data: Buffer): Buffer {
  const out = Buffer.alloc(16 + data.length);
  out.writeUInt32LE(data.length, 0);
  out.writeUInt32LE(masked(crc32c(out.subarray(0, 8))), 8);
  data.copy(out, 12);
  out.writeUInt32LE(masked(crc32c(data)), 12 + data.length);
  return out;
}
