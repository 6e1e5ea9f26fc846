import { endianness, tmpdir } from 'node:os';
import type { TrainingOver, Validation } from '../base/proofs.ts';
import { sha256 } from '../base/sha256.ts';
import type { Shape } from '../base/shape.ts';
import { sources } from '../catalog/sources/index.ts';
import type { Config } from '../config/config.ts';
import { dataSeed } from '../config/data-seed.ts';
import { invariant } from '../errors.ts';
import type { AuditResult } from '../protocol/audit-result.ts';
import type { TargetShape } from '../protocol/target.ts';
import type { FileFingerprint } from '../readers/files/data-file.ts';
import { closeNumbers, HELD_IN_MEMORY } from '../readers/files/number-file.ts';
import { openScratch } from '../readers/files/scratch.ts';
import type { Column, RawData } from '../readers/raw-data.ts';
import type { SourceContext } from '../readers/source-context.ts';
import { auditRows } from './audit.ts';
import { type BalanceReport, balanceTraining } from './balance.ts';
import { entryOf, fitChain } from './chain.ts';
import { checkColumns, checkTraining } from './check-table.ts';
import type { FittedTransform } from './columns.ts';
import { deferredFiller } from './deferred-features.ts';
import { heldOriginals, type Originals, originalsOf } from './originals.ts';
import {
  type OpenDeferred,
  openPart,
  type Part,
  type SealedPart,
  type SharedData,
  type SharedPart,
} from './part.ts';
import { splitRows } from './split.ts';
import { keysOf } from './split-keys.ts';
import type { Split } from './split-rows.ts';
import { bytesOf, closeParts, type Parts, type Room, store } from './store.ts';
import { withTrainingLevels } from './training-levels.ts';

export interface SplitFingerprint {
  readonly count: number;
  /** Hash of the row indices as little-endian uint32. */
  readonly sha256: string;
}

type SharedParts = Parts & Pick<SharedData, 'unbalanced'>;

/** What the data section makes of the data. */
export interface Prepared {
  /** Shape of one example in the source. */
  readonly raw: Shape;
  /** Shape of one example after the features. */
  readonly shape: Shape;
  readonly target: TargetShape;
  readonly train: Part;
  /** The training part as it was before its classes were balanced; left out where they weren't. */
  readonly unbalanced?: Part;
  readonly validation: Validation<Part>;
  readonly test: Part;
  readonly transforms: readonly FittedTransform[];
  /** How the classes of `train` were balanced. */
  readonly balance?: BalanceReport;
  readonly audit: AuditResult;
  readonly files: readonly FileFingerprint[];
  readonly splits: Readonly<Record<keyof Split, SplitFingerprint>>;
  /** Input columns of tables, as the source has them. */
  readonly columns?: readonly Column[];
  /** A name for each element of a prepared example. */
  readonly features?: readonly Column[];
  /** The source's row number of each row that was read, where rows were dropped. */
  readonly sourceRows?: Uint32Array;
  /**
   * Number of the group of each test example, where the split keeps groups together: those of one aren't
   * independent.
   */
  readonly testGroups?: Float64Array;
  /** Some examples before the features, for people to look at. */
  readonly originals: Readonly<Partial<Record<keyof Split, Originals>>>;
  /** Bytes of memory that the parts take. */
  readonly bytes: number;
  /** The parts as plain data, for `toShared`. */
  readonly shared: SharedParts;
  /** Closes files. The parts can't be read afterwards. */
  close(): void;
}

/** Where large data go. Only tests set it; results don't depend on it. */
export interface Place extends Partial<Omit<Room, 'scratch'>> {
  /** Folder for derived data. */
  readonly cache: string;
}

/** A prepared part of up to 8 GiB is written to disk. */
const WRITTEN = 2 ** 33;
/** Splits whose column names groups. */
const GROUPED: ReadonlySet<string> = new Set(['group', 'k_fold']);

/** The source's rows as they are. @throws MlxError with exit code 3 */
export const readData = (config: Config, ctx: SourceContext): Promise<RawData> =>
  sourceOf(config).read(config.data.source, ctx);

/**
 * Splits the rows, fits the features on the training rows and keeps everything in shared memory.
 * @throws MlxError with exit code 3 for the data, with a path for the config
 */
export function prepareRows(config: Config, read: RawData, place: Place = { cache: tmpdir() }): Prepared {
  const { split, features } = config.data;
  const seed = dataSeed(config);
  const rows = splitRows(read, split, seed, config.seed);
  const raw = withTrainingLevels(read, rows.train);
  checkTraining(raw, rows.train);
  const audit = auditRows(config, raw, rows);
  const transforms = fitChain(raw, rows.train, features, seed);
  const columns = transforms.length > 0 ? transforms.at(-1)!.columns : raw.columns;
  checkColumns(columns);
  const shape = transforms.at(-1)?.shape ?? raw.shape;
  const scratch = openScratch(place.cache);
  const { held = HELD_IN_MEMORY, written = WRITTEN } = place;
  const stored = store(raw, rows, transforms, { scratch, held, written });
  scratch.remove();
  const { target } = raw;
  const balanced = balanceTraining(config, stored.train, shape, target);
  const shared = balanced ? { ...stored, train: balanced.train, unbalanced: stored.train } : stored;
  const parts = openParts(shared, shape, target, raw.ids, deferredFiller);
  return {
    raw: raw.shape,
    shape,
    target,
    ...parts,
    transforms,
    ...(balanced && { balance: balanced.report }),
    audit,
    files: raw.files,
    splits: {
      train: fingerprint(rows.train),
      validation: fingerprint(rows.validation),
      test: fingerprint(rows.test),
    },
    columns: raw.columns,
    features: columns,
    ...(raw.ids && { sourceRows: raw.ids }),
    ...(read.keys && GROUPED.has(split.type) && { testGroups: keysOf(read.keys, rows.test) }),
    originals: originalsOf(raw, rows),
    bytes: bytesOf(shared),
    shared,
    close: () => closeParts(shared),
  };
}

/** Prepared data as plain data, without what `fromSnapshot` can make again. */
export function toSnapshot({
  train,
  unbalanced,
  validation,
  test,
  close,
  transforms,
  ...plain
}: Prepared): unknown {
  return { ...plain, transforms: transforms.map(({ entry, ...step }) => step) };
}

/** The inverse of `toSnapshot`. */
export function fromSnapshot(kept: unknown): Prepared {
  const plain = kept as Omit<Prepared, keyof Split | 'unbalanced' | 'close'>;
  const { shared, shape, target, sourceRows } = plain;
  return {
    ...plain,
    ...openParts(shared, shape, target, sourceRows, deferredFiller),
    transforms: plain.transforms.map((step) => ({ ...step, entry: entryOf(step) })),
    originals: heldOriginals(plain.originals),
    close: () => closeParts(shared),
  };
}

/**
 * The files that the data come from, where the source knows them without reading.
 * @throws MlxError with exit code 3
 */
export async function dataFiles(
  { data }: Config,
  ctx: SourceContext,
): Promise<readonly FileFingerprint[] | undefined> {
  return sources.get(data.source.type)!.files?.(data.source, ctx);
}

/** Closes the files of a source's rows, except those that parts still read. */
export function closeRaw({ file, keys }: RawData, parts?: Prepared): void {
  if (keys && 'handle' in keys) closeNumbers(keys);
  if (!Object.values(parts?.shared ?? {}).some(({ store }) => store.x === file)) closeNumbers(file);
}

/** Plain data with shared buffers: posting it to a worker copies nothing. */
export function toShared({
  shape,
  target,
  shared,
}: Pick<Prepared, 'shape' | 'target' | 'shared'>): SharedData {
  const { test, ...others } = shared;
  const sealed: unknown = { ...test, count: test.rows.length };
  return { shape, target, ...others, test: sealed as SealedPart };
}

const unsealed = (test: SealedPart): SharedPart => test as unknown as SharedPart;

/** Whether features of some examples are computed when they are read (`deferred-features.ts`). */
export const hasDeferred = ({ train, validation, test, unbalanced = train }: SharedData): boolean =>
  [train, validation, unsealed(test), unbalanced].some(({ store }) => store.deferred);

/** The parts that training may see, from plain data. */
export function fromShared(
  data: SharedData,
  openDeferred?: OpenDeferred,
): Pick<Prepared, 'shape' | 'target' | 'unbalanced' | 'train' | 'validation'> {
  const { shape, target, train, validation, unbalanced } = data;
  const open = (part: SharedPart) => openPart(part, shape, target, openDeferred);
  return {
    shape,
    target,
    train: open(train),
    validation: asValidation(open(validation)),
    ...(unbalanced && { unbalanced: open(unbalanced) }),
  };
}

const asValidation = (part: Part) => part as Validation<Part>;

/** The test part, for a caller that holds the proof that training is over. */
export function openTest(
  { shape, target, test }: SharedData,
  _over: TrainingOver,
  openDeferred?: OpenDeferred,
): Part {
  return openPart(unsealed(test), shape, target, openDeferred);
}

function openParts(
  parts: SharedParts,
  shape: Shape,
  target: TargetShape,
  ids?: Uint32Array,
  openDeferred?: OpenDeferred,
): Pick<Prepared, 'unbalanced' | keyof Split> {
  const open = (shared: SharedPart): Part => {
    const part = openPart(shared, shape, target, openDeferred);
    return ids ? { ...part, ids: part.rows.map((row) => ids[row]!) } : part;
  };
  const { train, validation, test, unbalanced } = parts;
  return {
    train: open(train),
    validation: asValidation(open(validation)),
    test: open(test),
    ...(unbalanced && { unbalanced: open(unbalanced) }),
  };
}

function sourceOf(config: Config) {
  const entry = sources.get(config.data.source.type);
  invariant(entry, `no source ${config.data.source.type}`);
  return entry;
}

function fingerprint(rows: Uint32Array): SplitFingerprint {
  return { count: rows.length, sha256: sha256(littleEndian(rows)) };
}

function littleEndian(values: Uint32Array): Uint8Array {
  if (endianness() === 'LE') return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const bytes = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, i) => {
    bytes.setUint32(4 * i, value, true);
  });
  return new Uint8Array(bytes.buffer);
}
