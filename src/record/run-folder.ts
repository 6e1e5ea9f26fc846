import { mkdir, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { invariant } from '../errors.ts';
import type { RunEvent } from '../protocol/events.ts';
import type { FileFingerprints, Result } from '../protocol/result.ts';
import { syncFolder, writeAtomically } from './atomic.ts';
import { writeCheckpoint } from './checkpoint.ts';
import { claimFolder } from './claim.ts';
import { EventLog } from './event-log.ts';
import { writeFailure } from './failure.ts';
import { fingerprintFiles } from './fingerprints.ts';
import { type Lease, takeLease } from './lease.ts';
import type { Lock } from './lock.ts';
import { checkpointName, FILES } from './names.ts';
import { type PredictionColumns, type PredictionRow, predictionsCsv } from './predictions.ts';

export interface NewRun {
  /** The folder that holds `<name>/<run-id>`; made when it's missing. */
  readonly root: string;
  readonly name: string;
  /** Of a run of a group, which has chosen it; else one is found. */
  readonly id?: string;
  /** Byte for byte what the user wrote. */
  readonly configText: string;
  readonly resolvedText: string;
  readonly planText: string;
  /** Made once the folder's place is known. */
  readonly lock: (folder: string) => Lock | Promise<Lock>;
}

/**
 * Claims a folder and writes what is known before the first step. If that fails, nothing stays behind.
 * @throws MlxError `record-write` (exit 3) or `experiment-name` (exit 2)
 */
export async function createRun(run: NewRun): Promise<RunFolder> {
  const path = await claimFolder(run.root, run.name, run.id);
  let lease: Lease | undefined;
  try {
    lease = takeLease(path);
    await writeAtomically(join(path, FILES.resolved), run.resolvedText);
    await writeAtomically(join(path, FILES.plan), run.planText);
    await writeAtomically(join(path, FILES.lock), pretty(await run.lock(path)));
    // Last: a folder is a run from here on, and has all that a resume needs.
    await writeAtomically(join(path, FILES.config), run.configText);
    return await openRun(path, lease);
  } catch (error) {
    lease?.release();
    // A folder with a chosen name may be another process's.
    if (lease || run.id === undefined) await rm(path, { recursive: true, force: true }).catch(() => {});
    await rmdir(dirname(path)).catch(() => {}); // unless it holds other runs
    throw writeFailure(error, path);
  }
}

/** A run's folder to go on in under a lease, which closing it releases. @throws MlxError `record-write` */
export async function openRun(path: string, lease = takeLease(path)): Promise<RunFolder> {
  const log = new EventLog(join(path, FILES.events));
  try {
    await mkdir(join(path, FILES.checkpoints), { recursive: true });
    await syncFolder(path);
  } catch (error) {
    await log.close().catch(() => {});
    throw writeFailure(error, path);
  }
  return new RunFolder(path, log, lease);
}

/**
 * The writing side of `experiments/<name>/<run-id>/`. Whole files appear at once or not at all. Every method
 * throws (or rejects with) MlxError `record-write` when the disk refuses; what was kept before stays
 * readable.
 */
export class RunFolder {
  /** For people and events, with forward slashes: `experiments/<name>/<run-id>`. */
  readonly run: string;
  readonly path: string;
  private readonly log: EventLog;
  private readonly lease: Lease;

  constructor(path: string, log: EventLog, lease: Lease) {
    this.path = path;
    this.run = path.replaceAll('\\', '/');
    this.log = log;
    this.lease = lease;
  }

  /** Appends to events.ndjson: on the way to the disk at each event but a step, on it at each checkpoint. */
  event(event: RunEvent): void {
    this.log.append(event);
  }

  /**
   * Replaces `checkpoints/<kind>.safetensors`, after all earlier events are on the disk.
   * @returns the file's name within the folder
   */
  async checkpoint(
    kind: 'last' | 'best',
    state: ReadonlyMap<string, Float32Array>,
    meta: Readonly<Record<string, string>>,
  ): Promise<string> {
    await this.log.sync();
    const name = checkpointName(kind);
    await writeCheckpoint(join(this.path, name), state, meta);
    return name;
  }

  /** Writes predictions.csv; rows may be made while they are written. */
  async predictions(rows: Iterable<PredictionRow>, columns: PredictionColumns): Promise<void> {
    await writeAtomically(join(this.path, FILES.predictions), predictionsCsv(columns, rows));
  }

  /** Writes any other whole file, e.g. model.onnx. */
  async file(name: string, bytes: Uint8Array): Promise<void> {
    invariant(basename(name) === name && !name.startsWith('.'), `${name} is no file of a run folder`);
    await writeAtomically(join(this.path, name), bytes);
  }

  /** For the result of a finished run: what its other files hold. */
  async fingerprints(): Promise<FileFingerprints> {
    this.log.flush();
    return fingerprintFiles(this.path);
  }

  async result(result: Result): Promise<void> {
    await writeAtomically(join(this.path, FILES.result), pretty(result));
  }

  /** Puts the rest of the events on the disk, and lets others write here. */
  async close(): Promise<void> {
    try {
      await this.log.close();
    } finally {
      this.lease.release();
    }
  }
}

const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
