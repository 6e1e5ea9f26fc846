import type { Exhibit } from '../../protocol/exhibits.ts';
import type { Explanations, RunBrief, RunRecord } from '../../record/index.ts';

/** What a run's page is drawn from; all of it may be anybody's. */
export interface RunPage {
  readonly record: RunRecord;
  readonly brief: Pick<RunBrief, 'status' | 'tags' | 'note' | 'started'>;
  /** What the result and `exhibits.json` have to show. */
  readonly exhibits: readonly Exhibit[];
  /** What `mlx explain` left, if it was asked. */
  readonly explanations?: Explanations;
}

/** What an exhibit is drawn beside: others, and the run's result where the page is of one run. */
export interface DrawnPage extends Pick<RunPage, 'exhibits'> {
  readonly record?: Pick<RunRecord, 'result'>;
}
