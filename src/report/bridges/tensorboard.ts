import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../../protocol/events.ts';
import type { Result } from '../../protocol/result.ts';
import { clockOf, finalOf, type Measured, measuredOf, measuredRun } from './series.ts';
import {
  type HyperParameters,
  type Scalar,
  scalarRecord,
  sessionEnd,
  sessionStart,
  versionRecord,
} from './tfevents.ts';

/**
 * As Keras' callback writes them: `train/`, `validation/` and `test/` are runs of their own, so that
 * TensorBoard lays their curves over each other; `epoch_loss` by step, `batch_loss` of single steps.
 */
const tagOf = ({ kind, metric }: Measured): string =>
  kind === 'step' ? `batch_${metric}` : kind === 'final' ? `final_${metric}` : `epoch_${metric}`;

/** Event files in a folder; each is opened with its first value. */
export class TensorBoardFiles {
  private readonly files = new Map<string, number>();
  private step = 0;

  constructor(
    private readonly folder: string,
    /** Tells files of one folder apart: seconds since 1970. */
    private readonly began = Math.floor(Date.now() / 1000),
  ) {}

  /**
   * What the run is made with: it makes of all files together one line of TensorBoard's HParams.
   * @param time seconds since 1970
   */
  session(hyperparameters: HyperParameters, time = Date.now() / 1000): void {
    this.append('', sessionStart(hyperparameters, time));
  }

  /** How the run of `session` ended. */
  sessionEnds(status: Result['status'], time = Date.now() / 1000): void {
    this.append('', sessionEnd(status === 'completed', time));
  }

  /** Writes the values of an event, at once: TensorBoard may be looking. @throws NodeJS.ErrnoException */
  event(event: RunEvent, time = Date.now() / 1000): void {
    if (event.type === 'step' || event.type === 'epoch') this.step = event.step;
    const measured = event.type === 'run_completed' ? finalOf(event.result, this.step) : measuredOf(event);
    this.write(measured.map((m) => [m, time]));
    if (event.type === 'run_completed') this.sessionEnds(event.result.status, time);
  }

  write(values: readonly (readonly [Measured, number])[]): void {
    const pieces = new Map<string, Buffer[]>();
    for (const [measured, time] of values) {
      const { split, step, value } = measured;
      const own: Scalar = { tag: tagOf(measured), value, step, time };
      const piece = pieces.get(split);
      if (piece) piece.push(scalarRecord(own));
      else pieces.set(split, [scalarRecord(own)]);
    }
    for (const [split, records] of pieces) {
      this.append(split, Buffer.concat(records));
    }
  }

  private append(split: string, all: Buffer): void {
    const file = this.file(split);
    for (let done = 0; done < all.length; ) done += writeSync(file, all, done);
  }

  close(): void {
    for (const file of this.files.values()) closeSync(file);
    this.files.clear();
  }

  private file(split: string): number {
    const known = this.files.get(split);
    if (known !== undefined) return known;
    mkdirSync(join(this.folder, split), { recursive: true });
    const file = openSync(join(this.folder, split, `events.out.tfevents.${this.began}.mlx`), 'a');
    this.files.set(split, file);
    writeSync(file, versionRecord(this.began));
    return file;
  }
}

/** A finished run's values as event files. */
export function exportTensorBoard(
  folder: string,
  events: readonly RunEvent[],
  result: Result | undefined,
  hyperparameters: HyperParameters,
): number {
  const clock = clockOf(events);
  const measured = measuredRun(events, result);
  const files = new TensorBoardFiles(folder, Math.floor(clock(0)));
  try {
    files.session(hyperparameters, clock(0));
    for (let from = 0; from < measured.length; from += 1000)
      files.write(measured.slice(from, from + 1000).map((m) => [m, clock(m.epoch)]));
    if (result) files.sessionEnds(result.status, clock(Number.POSITIVE_INFINITY));
  } finally {
    files.close();
  }
  return measured.length;
}
