import { createHash } from 'node:crypto';
import { dirname, relative } from 'node:path';
import { sha256 } from '../base/sha256.ts';
import type { Result } from '../protocol/result.ts';
import { type GitState, gitState } from './git.ts';
import { describeMachine, type Machine } from './machine.ts';
import { type Versions, versions } from './versions.ts';

interface File {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}
interface Split {
  readonly count: number;
  readonly sha256: string;
}

export interface LockInput {
  /** The run folder. */
  readonly folder: string;
  readonly configFile: string;
  /** The resolved config: what counts, without comments and layout. */
  readonly configText: string;
  /** `path=value`, as given on the command line. */
  readonly overrides?: readonly string[];
  readonly planText: string;
  readonly engine: Result['engine'];
  /** Why, when `auto` decided. */
  readonly engineReason?: string;
  /** Milliseconds of a training step by engine, when `auto` measured them. */
  readonly engineMeasured?: Readonly<Record<string, number>>;
  /** Files that the data come from. */
  readonly files: readonly File[];
  readonly splits: Readonly<Record<string, Split>>;
  readonly seed: number;
  /** What training starts from; its hash is kept. */
  readonly initial?: ReadonlyMap<string, Float32Array>;
}

/** `lock.json`: all that decides the result; what `reproduce` checks and `resume` goes by. */
export interface Lock {
  readonly format: 1;
  readonly seed: number;
  readonly config: {
    /** Seen from the run folder, so that both can move together. */
    readonly file: string;
    readonly sha256: string;
    /** What the command line changed; older runs haven't got it. */
    readonly overrides?: readonly string[];
  };
  readonly plan: { readonly sha256: string };
  /** Of the weights and optimizer state before the first step; older runs haven't got it. */
  readonly initial?: { readonly sha256: string };
  readonly engine: Result['engine'] & {
    readonly reason?: string;
    readonly milliseconds?: Readonly<Record<string, number>>;
  };
  readonly data: { readonly files: readonly File[]; readonly splits: Readonly<Record<string, Split>> };
  readonly versions: Versions;
  readonly git: GitState | null;
  readonly machine: Machine;
}

/** Keys come in one order, whatever the order of the input's. */
export async function makeLock(input: LockInput): Promise<Lock> {
  const { engine } = input;
  const [git, machine] = await Promise.all([gitState(dirname(input.configFile)), describeMachine()]);
  return {
    format: 1,
    seed: input.seed,
    config: {
      file: relative(input.folder, input.configFile).replaceAll('\\', '/'),
      sha256: sha256(input.configText),
      ...(input.overrides?.length ? { overrides: input.overrides } : {}),
    },
    plan: { sha256: planHash(input.planText) },
    ...(input.initial && { initial: { sha256: stateHash(input.initial) } }),
    engine: {
      type: engine.type,
      provider: engine.provider,
      threads: engine.threads,
      version: engine.version,
      options: sorted(engine.options),
      ...(input.engineReason === undefined ? {} : { reason: input.engineReason }),
      ...(input.engineMeasured === undefined ? {} : { milliseconds: sorted(input.engineMeasured) }),
    },
    data: {
      files: input.files.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })),
      splits: sorted(input.splits, ({ count, sha256 }) => ({ count, sha256 })),
    },
    versions: versions(),
    git,
    machine,
  };
}

/** What `lock.plan.sha256` is of. */
export const planHash = (planText: string): string => sha256(planText);
/** What `lock.config.sha256` is of. */
export const configHash = (resolvedText: string): string => sha256(resolvedText);

/** What `lock.initial.sha256` is of: names and values, in the order of the names. */
export function stateHash(state: ReadonlyMap<string, Float32Array>): string {
  const hash = createHash('sha256');
  for (const name of [...state.keys()].sort()) {
    const { buffer, byteOffset, byteLength } = state.get(name)!;
    hash.update(`${name}\n`).update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest('hex');
}

/** Whether parsed JSON has all that a resume goes by. */
export function isLock(value: object): value is Lock {
  const { config, plan, engine, data } = value as { readonly [P in keyof Lock]?: Partial<Lock[P]> };
  const isText = (...texts: unknown[]) => texts.every((text) => typeof text === 'string');
  return (
    isText(config?.file, config?.sha256, plan?.sha256, engine?.type) &&
    Number.isInteger(engine?.threads) &&
    typeof engine?.options === 'object' &&
    engine.options !== null &&
    Array.isArray(data?.files) &&
    data.files.every((file: Partial<File> | null) => isText(file?.name, file?.sha256))
  );
}

const sorted = <T>(record: Readonly<Record<string, T>>, as = (value: T): T => value): Record<string, T> =>
  Object.fromEntries(
    Object.keys(record)
      .sort()
      .map((key) => [key, as(record[key]!)]),
  );
