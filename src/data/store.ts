import { sizeOf } from '../base/shape.ts';
import { closeNumbers, type NumberFile, NumberSink } from '../readers/files/number-file.ts';
import type { Scratch } from '../readers/files/scratch.ts';
import type { Targets } from '../readers/raw-data.ts';
import { prepared } from './chain.ts';
import { checkFinite } from './check-table.ts';
import { ColumnChain } from './column-chain.ts';
import type { FittedTransform } from './columns.ts';
import { deferredFiller } from './deferred-features.ts';
import { openPart, type SharedInput, type SharedPart, type Store } from './part.ts';
import { inSharedMemory } from './shared-memory.ts';
import type { Split } from './split-rows.ts';
import { type RecodedData, rowsAtOnce } from './training-levels.ts';

type PartName = keyof Split;
export type Parts = Readonly<Record<PartName, SharedPart>>;

export interface Room {
  readonly scratch: Scratch;
  /** The most bytes of parts to keep in memory; larger parts go into files. */
  readonly held: number;
  /**
   * The most bytes of a part to write to disk; a part that would be larger, and larger than the source's
   * rows, is prepared batch by batch.
   */
  readonly written: number;
}

/**
 * Where the transforms are one `x * scale + shift`, keeps the source's values with that scale and shift; else
 * prepares each part once. In shared memory, or in files where that is too much.
 */
export function store(inputs: readonly FittedInput[], split: Split, room: Room): Parts {
  const y = inSharedMemory(inputs[0]!.raw.y);
  const examples = Object.values(split).reduce((sum, rows: Uint32Array) => sum + rows.length, 0);
  const after = inputs.reduce((sum, { raw, chain }) => sum + sizeOf(chain.at(-1)?.shape ?? raw.shape), 0);
  const held = 4 * after * examples > room.held ? 0 : room.held;
  const rows = { ...split };
  for (const name of PARTS) rows[name] = inSharedMemory(split[name]);
  const stored = inputs.map((input) => storeInput(input, rows, y, { ...room, held }));
  const part = (name: PartName): SharedPart => ({
    inputs: stored.map((own) => own[name]),
    rows: rows[name],
    y,
  });
  return { train: part('train'), validation: part('validation'), test: part('test') };
}

const PARTS = ['train', 'validation', 'test'] as const;

/** An input as the source has it, with the features fitted on it. */
export interface FittedInput {
  readonly name: string;
  readonly raw: RecodedData;
  readonly chain: readonly FittedTransform[];
}

function storeInput(
  { name: field, raw, chain }: FittedInput,
  split: Split,
  y: Targets,
  room: Room,
): Record<PartName, SharedInput> {
  const shape = chain.at(-1)?.shape ?? raw.shape;
  const [before, after] = [sizeOf(raw.shape), sizeOf(shape)];
  const linear = !raw.codes && chain.every(({ fitted, layout }) => fitted.affine && !layout);
  const kept = linear ? asIs(raw, chain) : undefined;
  const part = (name: PartName): SharedInput => {
    const rows = split[name];
    const tooMuch = after > before && 4 * after * rows.length > room.written;
    const later = kept ?? (tooMuch ? deferred(raw, chain, name === 'train' ? rows : undefined) : undefined);
    if (!later) return { name: field, shape, store: applied(raw, name, rows, chain, room) };
    const shared = { name: field, shape, store: later, at: rows };
    checkPart(raw, name, { inputs: [shared], rows, y }, chain);
    return shared;
  };
  return { train: part('train'), validation: part('validation'), test: part('test') };
}

function deferred(
  raw: RecodedData,
  chain: readonly FittedTransform[],
  training: Uint32Array | undefined,
): Store {
  const steps = chain.map(({ entry: _, ...plain }) => plain);
  const x = raw.file ?? inSharedMemory(raw.x);
  return { x, deferred: { shape: raw.shape, codes: raw.codes, steps, training } };
}

function asIs(raw: RecodedData, chain: readonly FittedTransform[]): Store {
  const x = raw.file ?? inSharedMemory(raw.x);
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
  raw: RecodedData,
  name: PartName,
  rows: Uint32Array,
  chain: readonly FittedTransform[],
  { scratch, held }: Room,
): Store {
  const width = sizeOf(chain.at(-1)?.shape ?? raw.shape);
  const most = rowsAtOnce(width);
  const fill = raw.columns ? byColumn(raw, rows, chain, name) : byRow(raw, rows, chain, name);
  const sink = new NumberSink(rows.length * width, scratch, held);
  try {
    for (let from = 0; from < rows.length; from += most) {
      const count = Math.min(most, rows.length - from);
      const block = sink.next(count * width);
      fill(from, count, block);
      checkBlock(raw, name, block, chain, (i) => rows[from + i]!);
    }
    return { x: sink.finish() };
  } catch (error) {
    sink.discard();
    throw error;
  }
}

type FillBlock = (from: number, count: number, block: Float32Array) => void;

function byRow(
  raw: RecodedData,
  rows: Uint32Array,
  chain: readonly FittedTransform[],
  name: PartName,
): FillBlock {
  const source = prepared(raw, rows, chain, name === 'train');
  const width = sizeOf(source.shape);
  const row = new Float64Array(width);
  return (from, count, block) => {
    for (let i = 0; i < count; i++) {
      source.row(from + i, row);
      block.set(row, i * width);
    }
  };
}

function byColumn(
  { shape, x, file, codes }: RecodedData,
  rows: Uint32Array,
  chain: readonly FittedTransform[],
  name: PartName,
): FillBlock {
  const width = sizeOf(chain.at(-1)?.shape ?? shape);
  const steps = new ColumnChain({ shape, values: file ?? x, codes }, chain, rowsAtOnce(width));
  return (from, count, block) => {
    const columns = steps.run(rows, from, count, name === 'train' ? from : undefined);
    columns.forEach((column, j) => {
      for (let i = 0, to = j; i < count; i++, to += width) block[to] = column[i]!;
    });
  };
}

/** Reads a part that isn't prepared in advance once, to check its values. */
function checkPart(raw: RecodedData, name: PartName, shared: SharedPart, chain: readonly FittedTransform[]) {
  if (!raw.columns) return;
  const shape = chain.at(-1)?.shape ?? raw.shape;
  const part = openPart(shared, raw.target, deferredFiller);
  const most = rowsAtOnce(sizeOf(shape));
  const block = new Float32Array(most * sizeOf(shape));
  for (let from = 0; from < part.count; from += most) {
    const count = Math.min(most, part.count - from);
    const order = Uint32Array.from({ length: count }, (_, i) => from + i);
    part.fill(part.fields[0]!.name, block, order, 0, count);
    checkBlock(raw, name, block.subarray(0, count * sizeOf(shape)), chain, (i) => part.rows[from + i]!);
  }
}

function checkBlock(
  raw: RecodedData,
  part: PartName,
  values: Float32Array,
  chain: readonly FittedTransform[],
  rowOf: (i: number) => number,
): void {
  const columns = chain.length > 0 ? chain.at(-1)!.columns : raw.columns;
  const row = (i: number) => (raw.ids ? raw.ids[rowOf(i)]! : rowOf(i));
  if (columns) checkFinite(values, columns, { part, count: raw.count, row });
}

type Opened = Parts & { readonly unbalanced?: SharedPart };
const filesOf = ({ inputs }: SharedPart): NumberFile[] =>
  inputs.flatMap(({ store: { x } }) => ('handle' in x ? [x] : []));

/** Bytes of memory that the parts take; shared arrays count once. */
export function bytesOf(parts: Opened): number {
  const buffers = new Set<ArrayBufferLike>();
  for (const { inputs, rows, y } of Object.values(parts) as SharedPart[]) {
    const held = inputs.flatMap(({ store, at }) => [store.x, store.table, store.scale, store.shift, at]);
    for (const array of [...held, rows, y]) if (array && 'buffer' in array) buffers.add(array.buffer);
  }
  return [...buffers].reduce((sum, buffer) => sum + buffer.byteLength, 0);
}

/** Closes the files of the parts, each once. */
export function closeParts(parts: Opened): void {
  const files = Object.values(parts).flatMap((part: SharedPart) => filesOf(part));
  const handles = new Map(files.map((file) => [file.handle, file]));
  for (const file of handles.values()) closeNumbers(file);
}
