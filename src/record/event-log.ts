import { closeSync, fsync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import type { RunEvent } from '../protocol/events.ts';
import { writeFailure } from './failure.ts';

const NEWLINE = 0x0a;
/** Steps wait for company up to this many bytes, so that a killed run loses few of them. */
const MOST_WAITING = 16 * 1024;

/**
 * `events.ndjson`: one JSON a line, only ever appended to. Writing is synchronous (a few kilobytes an epoch),
 * so that the very call that couldn't keep an event throws; what isn't written stays and is tried again.
 */
export class EventLog {
  private readonly file: number;
  private readonly path: string;
  private waiting: Buffer[] = [];
  private bytes = 0;
  private closed = false;

  /** Opens or makes the log. A last line that a kill has torn is cut off, so that the next one is whole. */
  constructor(path: string) {
    this.path = path;
    try {
      this.file = openSync(path, 'a+');
      mend(this.file);
    } catch (error) {
      throw writeFailure(error, path);
    }
  }

  /** @throws MlxError `record-write` */
  append(event: RunEvent): void {
    const line = Buffer.from(`${JSON.stringify(event)}\n`);
    this.waiting.push(line);
    this.bytes += line.length;
    if (event.type !== 'step' || this.bytes >= MOST_WAITING) this.flush();
  }

  /** @throws MlxError `record-write` */
  flush(): void {
    let rest = Buffer.concat(this.waiting);
    try {
      while (rest.length > 0) rest = rest.subarray(writeSync(this.file, rest));
    } catch (error) {
      throw writeFailure(error, this.path);
    } finally {
      this.waiting = rest.length > 0 ? [rest] : [];
      this.bytes = rest.length;
    }
  }

  /** Flushes, and waits until it is on the disk. @throws MlxError `record-write` */
  async sync(): Promise<void> {
    this.flush();
    try {
      await promisify(fsync)(this.file);
    } catch (error) {
      throw writeFailure(error, this.path);
    }
  }

  /** Once closed it stays closed. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    try {
      await this.sync();
    } finally {
      closeSync(this.file);
    }
  }
}

function mend(file: number): void {
  const content = readFileSync(file);
  const whole = content.lastIndexOf(NEWLINE) + 1;
  if (whole === content.length) return;
  if (isObject(content.subarray(whole).toString())) writeSync(file, '\n');
  else ftruncateSync(file, whole);
}

/** Events are objects: a torn one never parses. */
function isObject(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}
