import type { RawData } from '../catalog/sources/source.ts';
import { sizeOf } from '../catalog/transforms/index.ts';
import { prepared } from './chain.ts';
import type { FittedTransform } from './columns.ts';
import type { SharedPart, Store } from './part.ts';
import { inSharedMemory } from './shared-memory.ts';
import type { Split } from './split.ts';

type PartName = keyof Split;
export type Parts = Readonly<Record<PartName, SharedPart>>;

/**
 * Keeps the source's values as they are and the transforms as one `x * scale + shift`, where that is all they do; else
 * prepares each part once. Either way in shared memory.
 */
export function store(raw: RawData, split: Split, chain: readonly FittedTransform[]): Parts {
  const y = inSharedMemory(raw.y);
  const linear = chain.every(({ fitted, layout }) => fitted.affine && !layout);
  const kept = linear ? asIs(raw, chain) : undefined;
  const part = (rows: Uint32Array, training = false): SharedPart => {
    const shared = inSharedMemory(rows);
    if (kept) return { store: kept, at: shared, rows: shared, y };
    return { store: applied(raw, rows, chain, training), at: counting(rows.length), rows: shared, y };
  };
  return { train: part(split.train, true), validation: part(split.validation), test: part(split.test) };
}

const counting = (count: number) => inSharedMemory(Uint32Array.from({ length: count }, (_, i) => i));

function asIs(raw: RawData, chain: readonly FittedTransform[]): Store {
  const x = inSharedMemory(raw.x);
  const { scale, shift } = compose(chain);
  if (scale.length === 1 && x instanceof Uint8Array)
    return {
      x,
      table: inSharedMemory(Float32Array.from({ length: 256 }, (_, i) => i * scale[0]! + shift[0]!)),
    };
  if (chain.length === 0) return { x };
  const width = sizeOf(raw.shape);
  const spread = (values: Float64Array) =>
    inSharedMemory(values.length === width ? values : new Float64Array(width).fill(values[0]!));
  return { x, scale: spread(scale), shift: spread(shift) };
}

/** `(x * a + b) * c + d = x * (a c) + (b c + d)` along the chain; one value, or one for each element. */
function compose(chain: readonly FittedTransform[]): { scale: Float64Array; shift: Float64Array } {
  let [scale, shift] = [Float64Array.of(1), Float64Array.of(0)];
  for (const { fitted } of chain) {
    const next = fitted.affine!;
    const [a, b] = [scale, shift];
    const length = Math.max(a.length, next.scale.length);
    const pick = (values: Float64Array, i: number) => values[values.length === 1 ? 0 : i]!;
    scale = Float64Array.from({ length }, (_, i) => pick(a, i) * pick(next.scale, i));
    shift = Float64Array.from({ length }, (_, i) => pick(b, i) * pick(next.scale, i) + pick(next.shift, i));
  }
  return { scale, shift };
}

/** `[rows, ...shape]` after the whole chain: float64 on the way, rounded once. */
function applied(
  raw: RawData,
  rows: Uint32Array,
  chain: readonly FittedTransform[],
  training: boolean,
): Store {
  const source = prepared(raw, rows, chain, training);
  const width = sizeOf(source.shape);
  const x = new Float32Array(new SharedArrayBuffer(rows.length * width * 4));
  const row = new Float64Array(width);
  for (let i = 0; i < rows.length; i++) {
    source.row(i, row);
    x.set(row, i * width);
  }
  return { x };
}

/** Bytes held by the parts, each piece of memory counted once. */
export function bytesOf(parts: Parts): number {
  const buffers = new Set<ArrayBufferLike>();
  for (const { store, at, rows, y } of Object.values(parts))
    for (const array of [store.x, store.table, store.scale, store.shift, at, rows, y])
      if (array) buffers.add(array.buffer);
  return [...buffers].reduce((sum, buffer) => sum + buffer.byteLength, 0);
}
