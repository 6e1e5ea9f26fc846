/**
 * The safetensors format (huggingface/safetensors): u64 header length, JSON header padded with spaces to 8
 * bytes, then the tensors' bytes without holes. Here all tensors are F32 and flat, in the order of their
 * names. Float32Array is little-endian on every platform that Node supports but s390x.
 */
export interface Tensors {
  readonly tensors: ReadonlyMap<string, Float32Array>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Tensors with the shapes that the file says they have. */
export interface ShapedTensors extends Pick<Tensors, 'tensors'> {
  readonly shapes: ReadonlyMap<string, readonly number[]>;
}

export const METADATA = '__metadata__';
/** The format's own limit. */
const MOST_HEADER = 100_000_000;

interface Range {
  readonly name: string;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

const byName = <T>(entries: Iterable<[string, T]>): [string, T][] =>
  [...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

/** Written by hand: an object would put names like "10" in another order and lose `__proto__`. */
const json = (entries: [string, string][]): string =>
  `{${byName(entries)
    .map(([key, value]) => `${JSON.stringify(key)}:${value}`)
    .join(',')}}`;

/** The JSON header; equal content gives equal text. */
export function headerText({ tensors, metadata }: Tensors): string {
  const about = Object.entries(metadata).map(([k, v]): [string, string] => [k, JSON.stringify(v)]);
  const entries: [string, string][] = [[METADATA, json(about)]];
  let at = 0;
  for (const [name, { length, byteLength }] of byName(tensors)) {
    const info = { dtype: 'F32', shape: [length], data_offsets: [at, at + byteLength] };
    entries.push([name, JSON.stringify(info)]);
    at += byteLength;
  }
  return json(entries);
}

export const dataOf = (tensors: Tensors['tensors']): Uint8Array[] =>
  byName(tensors).map(
    ([, { buffer, byteOffset, byteLength }]) => new Uint8Array(buffer, byteOffset, byteLength),
  );

/** The file, in pieces. */
export function encode(content: Tensors): Uint8Array[] {
  const text = new TextEncoder().encode(headerText(content));
  const header = new Uint8Array(8 + Math.ceil(text.length / 8) * 8).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(header.length - 8), true);
  header.set(text, 8);
  return [header, ...dataOf(content.tensors)];
}

/** @throws Error with a sentence about what is wrong with the bytes */
export function decode(content: Uint8Array): Tensors & ShapedTensors {
  // Not a Buffer, whose slices would share its memory at any alignment.
  const file = new Uint8Array(content.buffer, content.byteOffset, content.length);
  if (file.length < 8) fail('it is too short for a header');
  const length = new DataView(file.buffer, file.byteOffset).getBigUint64(0, true);
  if (length > BigInt(Math.min(file.length - 8, MOST_HEADER))) fail('it ends before its header does');
  const data = file.subarray(8 + Number(length));
  const header = parseHeader(file.subarray(8, 8 + Number(length)));
  const metadata = readMetadata(header.get(METADATA));
  header.delete(METADATA);
  const ranges = [...header]
    .map(([name, info]) => readRange(name, info))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  const tensors = new Map<string, Float32Array>();
  let at = 0;
  for (const { name, start, end } of ranges) {
    if (start !== at) fail(`${name} ${start < at ? 'overlaps the tensor' : 'leaves a hole'} before it`);
    if (end > data.length) fail(`it ends within ${name}`);
    tensors.set(name, new Float32Array(data.slice(start, end).buffer));
    at = end;
  }
  if (at !== data.length) fail(`${data.length - at} bytes follow the last tensor`);
  return { tensors, metadata, shapes: new Map(ranges.map(({ name, shape }) => [name, shape])) };
}

function fail(message: string): never {
  throw new Error(message);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parseHeader(bytes: Uint8Array): Map<string, unknown> {
  let text = '';
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    header = JSON.parse(text);
  } catch {
    fail('its header is no JSON');
  }
  if (!isRecord(header)) fail('its header is no JSON object');
  const entries = new Map(Object.entries(header));
  if (topLevelKeys(text) !== entries.size) fail('its header names a tensor twice');
  return entries;
}

/** JSON.parse silently keeps the last of equal keys; this counts them in valid JSON. */
function topLevelKeys(text: string): number {
  let depth = 0;
  let keys = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"\s*:?|[{}[\]]/g)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    else if (depth === 1 && token.endsWith(':')) keys++;
  }
  return keys;
}

function readMetadata(value: unknown): Record<string, string> {
  const metadata: Record<string, string> = Object.create(null);
  if (value === undefined) return metadata;
  if (!isRecord(value)) fail('its metadata are no JSON object');
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') fail(`its metadata ${key} is no text`);
    metadata[key] = text;
  }
  return metadata;
}

function readRange(name: string, info: unknown): Range {
  const { dtype, shape, data_offsets: offsets } = isRecord(info) ? info : fail(`${name} is no tensor`);
  const whole = (list: unknown): list is number[] =>
    Array.isArray(list) && list.every((n) => Number.isSafeInteger(n) && n >= 0);
  if (dtype !== 'F32') fail(`${name} is of type ${JSON.stringify(dtype)}, expected F32`);
  if (!whole(shape) || !whole(offsets) || offsets.length !== 2) fail(`${name} has no valid shape or place`);
  const [start, end] = offsets as [number, number];
  if (end - start !== 4 * shape.reduce((a, b) => a * b, 1)) fail(`${name}'s size doesn't fit its shape`);
  return { name, shape, start, end };
}
