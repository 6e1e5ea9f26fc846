/**
 * Reads TensorBoard's event files by the formats' descriptions alone, sharing nothing with what writes them: checksums are made bit by
 * bit, messages are read as protobuf's wire format, whatever fields there are.
 */

export interface EventRecord {
  readonly time: number;
  readonly step: number;
  readonly version?: string;
  readonly tag?: string;
  readonly value?: number;
  /** Of the HParams plugin: what a run was made with, or how it ended (1 success, 2 failure). */
  readonly session?: { readonly hparams: Readonly<Record<string, unknown>>; readonly start: number };
  readonly end?: { readonly status: number; readonly time: number };
}

export function readEventFile(file: Buffer): EventRecord[] {
  const found: EventRecord[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    expectCrc(file.subarray(at, at + 8), file.readUInt32LE(at + 8));
    const data = file.subarray(at + 12, at + 12 + length);
    if (data.length !== length) throw new Error('a record is cut');
    expectCrc(data, file.readUInt32LE(at + 12 + length));
    found.push(eventOf(data));
    at += 16 + length;
  }
  return found;
}

/** The polynomial division itself, reflected. */
export function slowCrc32c(data: Uint8Array): number {
  let crc = 0xffffffffn;
  for (const byte of data) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0x82f63b78n : crc >> 1n;
  }
  return Number(crc ^ 0xffffffffn);
}

function expectCrc(data: Buffer, stored: number): void {
  // Unmask: take the delta away, turn it back by 15 bits.
  const turned = (BigInt(stored) - 0xa282ead8n + 0x100000000n) & 0xffffffffn;
  const crc = Number(((turned >> 17n) | (turned << 15n)) & 0xffffffffn);
  if (crc !== slowCrc32c(data)) throw new Error('a checksum is wrong');
}

type Field = readonly [number: number, value: bigint | Buffer];

function fieldsOf(data: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = data[at++];
      if (byte === undefined) throw new Error('a number is cut');
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  while (at < data.length) {
    const key = Number(varint());
    const [field, wire] = [key >> 3, key & 7];
    if (wire === 0) fields.push([field, varint()]);
    else {
      const size = wire === 1 ? 8 : wire === 5 ? 4 : wire === 2 ? Number(varint()) : Number.NaN;
      if (!(at + size <= data.length)) throw new Error(`wire type ${wire} or its length is wrong`);
      fields.push([field, data.subarray(at, at + size)]);
      at += size;
    }
  }
  return fields;
}

function eventOf(data: Buffer): EventRecord {
  let event: EventRecord = { time: Number.NaN, step: 0 };
  for (const [field, value] of fieldsOf(data)) {
    if (field === 1) event = { ...event, time: (value as Buffer).readDoubleLE() };
    else if (field === 2) event = { ...event, step: Number(value) };
    else if (field === 3) event = { ...event, version: String(value) };
    else if (field === 5) event = { ...event, ...summaryOf(value as Buffer) };
    else throw new Error(`an event has no field ${field}`);
  }
  return event;
}

const only = (data: Buffer, field: number): Buffer => {
  const [[found, value] = [], ...more] = fieldsOf(data);
  if (found !== field || more.length > 0) throw new Error(`only a field ${field}`);
  return value as Buffer;
};

/** `google.protobuf.Value`. */
function decoded(data: Buffer): unknown {
  const [[field, value] = []] = fieldsOf(data);
  if (field === 2) return (value as Buffer).readDoubleLE();
  if (field === 3) return String(value);
  if (field === 4) return value === 1n;
  throw new Error('a number, a text or a switch');
}

function pluginOf(metadata: Buffer): Pick<EventRecord, 'session' | 'end'> {
  const plugin = new Map(fieldsOf(only(metadata, 1)));
  if (String(plugin.get(1)) !== 'hparams') throw new Error('the plugin is hparams');
  const [[kind, inner] = []] = fieldsOf(plugin.get(2) as Buffer);
  const fields = fieldsOf(inner as Buffer);
  const number = (field: number) => (new Map(fields).get(field) as Buffer).readDoubleLE();
  if (kind === 4) return { end: { status: Number(fields.find(([f]) => f === 1)?.[1]), time: number(2) } };
  if (kind !== 3) throw new Error('a session’s start or end');
  const hparams = fields
    .filter(([field]) => field === 1)
    .map(([, entry]) => new Map(fieldsOf(entry as Buffer)))
    .map((entry) => [String(entry.get(1)), decoded(entry.get(2) as Buffer)] as const);
  return { session: { hparams: Object.fromEntries(hparams), start: number(5) } };
}

function summaryOf(data: Buffer): Partial<EventRecord> {
  const values = fieldsOf(data);
  if (values.length !== 1 || values[0]![0] !== 1) throw new Error('a summary of one value');
  const parts = new Map(fieldsOf(values[0]![1] as Buffer));
  if ([...parts.keys()].join() === '1,9')
    return { tag: String(parts.get(1)), ...pluginOf(parts.get(9) as Buffer) };
  if ([...parts.keys()].join() !== '1,2') throw new Error('a value has a tag and a number');
  return { tag: String(parts.get(1)), value: (parts.get(2) as Buffer).readFloatLE() };
}
