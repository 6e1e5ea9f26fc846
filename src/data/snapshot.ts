import type { NumberFile } from '../readers/files/number-file.ts';

/** Arrays that a snapshot may hold; a file counts as its float32 values. */
export type Blob = Uint8Array | Uint32Array | Int32Array | Float32Array | Float64Array | NumberFile;

const MAKERS = { Uint8Array, Uint32Array, Int32Array, Float32Array, Float64Array };
type Kind = keyof typeof MAKERS;

/** What stands for a blob in the plain part. */
interface Reference {
  readonly $blob: number;
  readonly kind: Kind;
  /** Values, not bytes. */
  readonly length: number;
}

const isFile = (value: object): value is NumberFile => 'handle' in value && 'length' in value;
const isReference = (value: object): value is Reference => '$blob' in value;
const isPlain = (value: object) => Object.getPrototypeOf(value) === Object.prototype || Array.isArray(value);

/** Plain data with references in place of its arrays; an array that occurs twice becomes one blob. */
export function detach(value: unknown): { plain: unknown; blobs: Blob[] } {
  const blobs: Blob[] = [];
  const seen = new Map<object, Reference>();
  const walk = (inner: unknown): unknown => {
    if (typeof inner === 'function') throw new TypeError('a function can not be kept');
    if (typeof inner !== 'object' || inner === null) return inner;
    const blob = ArrayBuffer.isView(inner) || isFile(inner);
    if (blob) {
      const known = seen.get(inner);
      if (known) return known;
      const kind = (isFile(inner) ? 'Float32Array' : inner.constructor.name) as Kind;
      if (!(kind in MAKERS)) throw new TypeError(`a ${kind} can not be kept`);
      const made = { $blob: blobs.length, kind, length: (inner as Blob).length };
      blobs.push(inner as Blob);
      seen.set(inner, made);
      return made;
    }
    if (!isPlain(inner)) throw new TypeError(`a ${inner.constructor?.name} can not be kept`);
    if (Array.isArray(inner)) return inner.map(walk);
    return Object.fromEntries(Object.entries(inner).map(([key, each]) => [key, walk(each)]));
  };
  return { plain: walk(value), blobs };
}

export const bytesPer = (kind: Kind): number => MAKERS[kind].BYTES_PER_ELEMENT;

/** The inverse; `blob` is called once for each blob. */
export function attach(plain: unknown, blob: (index: number, kind: Kind, length: number) => Blob): unknown {
  const made = new Map<number, Blob>();
  const walk = (inner: unknown): unknown => {
    if (typeof inner !== 'object' || inner === null) return inner;
    if (isReference(inner)) {
      const { $blob, kind, length } = inner;
      const found = made.get($blob) ?? blob($blob, kind, length);
      made.set($blob, found);
      return found;
    }
    if (Array.isArray(inner)) return inner.map(walk);
    return Object.fromEntries(Object.entries(inner).map(([key, each]) => [key, walk(each)]));
  };
  return walk(plain);
}

/** Values in shared memory, from their bytes. */
export function inMemory(kind: Kind, length: number, read: (bytes: Uint8Array) => void): Blob {
  const buffer = new SharedArrayBuffer(length * bytesPer(kind));
  read(new Uint8Array(buffer));
  return new (MAKERS[kind] as new (buffer: SharedArrayBuffer) => Exclude<Blob, NumberFile>)(buffer);
}
