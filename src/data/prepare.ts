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
import { type Column, eachInput, type RawData } from '../readers/raw-data.ts';
import type { SourceContext } from '../readers/source-context.ts';
import { auditRows } from './audit.ts';
import { type BalanceReport, balanceTraining } from './balance.ts';
import { fitInputs } from './chain.ts';
import { checkColumns, checkTraining } from './check-table.ts';
import type { FittedTransform } from './columns.ts';
import { deferredFiller } from './deferred-features.ts';
import { type Originals, originalsOf } from './originals.ts';
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
import { bytesOf, closeParts, type FittedInput, type Parts, type Room, store } from './store.ts';
import { withTrainingLevels } from './training-levels.ts';

export interface SplitFingerprint {
  readonly count: number;
  /** Hash of the row indices as little-endian uint32. */
  readonly sha256: string;
}

type SharedParts = Parts & Pick<SharedData, 'unbalanced'>;

/** An input field, prepared. */
export interface PreparedInput {
  readonly name: string;
  /** Shape of one example in the source. */
  readonly raw: Shape;
  /** Shape of one example after the features. */
  readonly shape: Shape;
  readonly transforms: readonly FittedTransform[];
  /** Input columns of tables, as the source has them. */
  readonly columns?: readonly Column[];
  /** What each element of a prepared example is: names that reports can speak of. */
  readonly features?: readonly Column[];
  /** Some examples before the features, for people to look at. */
  readonly originals: Readonly<Partial<Record<keyof Split, Originals>>>;
}

/** The data section, executed. What an input has is the only one's here, or the first one's. */
export interface Prepared extends Omit<PreparedInput, 'name'> {
  /** All inputs. */
  readonly inputs: readonly PreparedInput[];
  readonly target: TargetShape;
  readonly train: Part;
  /** The training part as it was before its classes were balanced; left out where they weren't. */
  readonly unbalanced?: Part;
  readonly validation: Validation<Part>;
  readonly test: Part;
  /** How the classes of `train` were balanced. */
  readonly balance?: BalanceReport;
  readonly audit: AuditResult;
  readonly files: readonly FileFingerprint[];
  readonly splits: Readonly<Record<keyof Split, SplitFingerprint>>;
  /** The source's row number of each row that was read, where rows were dropped. */
  readonly sourceRows?: Uint32Array;
  /**
   * Number of the group of each test example, where the split keeps groups together: those of one aren't
   * independent.
   */
  readonly testGroups?: Float64Array;
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
  const raws = eachInput(read).map((one) => ({ ...withTrainingLevels(one, rows.train), name: one.name }));
  for (const raw of raws) checkTraining(raw, rows.train);
  const audit = auditRows(config, raws, rows);
  const chains = fitInputs(raws, rows.train, features, seed);
  const fitted = raws.map((raw, i) => ({ name: raw.name, raw, chain: chains[i]! }));
  const inputs = fitted.map((input) => preparedInput(input, rows));
  const scratch = openScratch(place.cache);
  const { held = HELD_IN_MEMORY, written = WRITTEN } = place;
  const stored = store(fitted, rows, { scratch, held, written });
  scratch.remove();
  const { target, ids, files } = read;
  const balanced = balanceTraining(config, stored.train, target);
  const shared = balanced ? { ...stored, train: balanced.train, unbalanced: stored.train } : stored;
  const parts = openParts(shared, target, ids, deferredFiller);
  return {
    ...withoutName(inputs[0]!),
    inputs,
    target,
    ...parts,
    ...(balanced && { balance: balanced.report }),
    audit,
    files,
    splits: {
      train: fingerprint(rows.train),
      validation: fingerprint(rows.validation),
      test: fingerprint(rows.test),
    },
    ...(ids && { sourceRows: ids }),
    ...(read.keys && GROUPED.has(split.type) && { testGroups: keysOf(read.keys, rows.test) }),
    bytes: bytesOf(shared),
    shared,
    close: () => closeParts(shared),
  };
}

/** @throws MlxError for columns that are no numbers after the features */
function preparedInput({ name, raw, chain }: FittedInput, rows: Split): PreparedInput {
  const features = chain.length > 0 ? chain.at(-1)!.columns : raw.columns;
  checkColumns(features);
  return {
    name,
    raw: raw.shape,
    shape: chain.at(-1)?.shape ?? raw.shape,
    transforms: chain,
    columns: raw.columns,
    features,
    originals: originalsOf(raw, rows),
  };
}

export const withoutName = ({ name: _, ...input }: PreparedInput): Omit<PreparedInput, 'name'> => input;

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
export function closeRaw(raw: RawData, parts?: Prepared): void {
  const { keys } = raw;
  if (keys && 'handle' in keys) closeNumbers(keys);
  const shared = Object.values(parts?.shared ?? {}) as SharedPart[];
  const used = new Set(shared.flatMap(({ inputs }) => inputs.map(({ store }) => store.x)));
  for (const { file } of eachInput(raw)) if (file && !used.has(file)) closeNumbers(file);
}

/** Plain data with shared buffers: posting it to a worker copies nothing. */
export function toShared({ target, shared }: Pick<Prepared, 'target' | 'shared'>): SharedData {
  const { test, ...others } = shared;
  const sealed: unknown = { ...test, count: test.rows.length };
  return { target, ...others, test: sealed as SealedPart };
}

const unsealed = (test: SealedPart): SharedPart => test as unknown as SharedPart;

/** Whether features of some examples are computed when they are read (`deferred-features.ts`). */
export const hasDeferred = ({ train, validation, test, unbalanced = train }: SharedData): boolean =>
  [train, validation, unsealed(test), unbalanced].some(({ inputs }) =>
    inputs.some(({ store }) => store.deferred),
  );

/** The parts that training may see, from plain data. */
export function fromShared(
  data: SharedData,
  openDeferred?: OpenDeferred,
): Pick<Prepared, 'target' | 'unbalanced' | 'train' | 'validation'> {
  const { target, train, validation, unbalanced } = data;
  const open = (part: SharedPart) => openPart(part, target, openDeferred);
  return {
    target,
    train: open(train),
    validation: asValidation(open(validation)),
    ...(unbalanced && { unbalanced: open(unbalanced) }),
  };
}

const asValidation = (part: Part) => part as Validation<Part>;

/** The test part, for a caller that holds the proof that training is over. */
export function openTest(
  { target, test }: SharedData,
  _over: TrainingOver,
  openDeferred?: OpenDeferred,
): Part {
  return openPart(unsealed(test), target, openDeferred);
}

/** The parts that shared data hold. @param ids the source's row number of each row */
export function openParts(
  parts: SharedParts,
  target: TargetShape,
  ids?: Uint32Array,
  openDeferred?: OpenDeferred,
): Pick<Prepared, 'unbalanced' | keyof Split> {
  const open = (shared: SharedPart): Part => {
    const part = openPart(shared, target, openDeferred);
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
