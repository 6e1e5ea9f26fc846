import type { RunEvent, StageEvent } from '../protocol/events.ts';

/** Runs a stage between its `started` and `done` events; the work may tell how far it is. */
export type Stage = <T>(
  stage: StageEvent['stage'],
  work: (tell: (detail: string) => void) => T | Promise<T>,
  detail?: (result: T) => string,
) => Promise<T>;

export function stages(emit: (event: RunEvent) => void): Stage {
  return async (stage, work, detail) => {
    const began = performance.now();
    emit({ type: 'stage', stage, state: 'started' });
    const result = await work((detail) => emit({ type: 'stage', stage, state: 'started', detail }));
    const seconds = (performance.now() - began) / 1000;
    emit({ type: 'stage', stage, state: 'done', seconds, ...(detail ? { detail: detail(result) } : {}) });
    return result;
  };
}
