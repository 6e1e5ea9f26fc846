import type { RunEvent } from '../protocol/events.ts';
import { outliveOutput, writeAll } from './output.ts';
import type { Reporter } from './reporter.ts';

/** `--json`: every event as one line of JSON on stdout and nothing else there; NaN becomes null. */
export function ndjsonReporter(stdout: NodeJS.WriteStream): Reporter {
  outliveOutput(stdout);
  let last: Promise<void> = Promise.resolve();
  return {
    event(e: RunEvent) {
      last = writeAll(stdout, `${JSON.stringify(e)}\n`);
    },
    close: () => last,
  };
}
