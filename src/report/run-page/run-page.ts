import type { Exhibits, Explanations, RunBrief, RunRecord } from '../../record/index.ts';

/** What a run's page is drawn from; all of it may be anybody's. */
export interface RunPage {
  readonly record: RunRecord;
  readonly brief: Pick<RunBrief, 'status' | 'tags' | 'note' | 'started'>;
  readonly exhibits?: Exhibits;
  /** What `mlx explain` left, if it was asked. */
  readonly explanations?: Explanations;
}
