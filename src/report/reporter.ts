import type { RunEvent } from '../protocol/events.ts';
import type { Exhibit } from '../protocol/exhibits.ts';
import type { RunState } from './store.ts';

export interface Reporter {
  event(e: RunEvent): void;
  /** Must be awaited: takes the live view down and writes the closing summary. */
  close(): Promise<void>;
}

/** What curves are drawn with; some fonts lack braille. */
export type Charts = 'braille' | 'blocks' | 'ascii';

export interface ReporterOptions {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** False for `--no-tui`. */
  readonly tui: boolean;
  readonly json: boolean;
  readonly charts?: Charts;
  /** One run of several: it leaves a line instead of its summary. */
  readonly brief?: boolean;
  /** What `exhibits.json` of a run's folder holds, once the run has ended. */
  exhibits?(run: string): readonly Exhibit[] | undefined;
  /** The user pressed q: end after this step and save. */
  onStop(): void;
}

/** What the closing summary draws beside the result; a run among several has no room for it. */
export const exhibitsToShow = ({ completed }: RunState, o: ReporterOptions): readonly Exhibit[] =>
  (!o.brief && completed?.result.status === 'completed' && o.exhibits?.(completed.run)) || [];
