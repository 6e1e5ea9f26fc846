import type { ScheduleEntry, ScheduleMoment } from './schedule.ts';

/**
 * The learning rate of a step: over the first `warmup_steps` it rises evenly from base / warmup_steps (step
 * 0) to base; then comes the schedule, which sees training as if it began there.
 */
export function rateAt<P>(
  entry: ScheduleEntry<P>,
  params: P & { readonly warmup_steps: number },
  base: number,
  moment: ScheduleMoment,
): number {
  const { warmup_steps: warmup } = params;
  if (moment.step < warmup) return (base * (moment.step + 1)) / warmup;
  return entry.rate(base, warmup === 0 ? moment : after(warmup, moment), params);
}

/** Epochs that ended within the warm-up are forgotten. */
function after(warmup: number, moment: ScheduleMoment): ScheduleMoment {
  const { steps_per_epoch } = moment;
  const step = moment.step - warmup;
  return {
    step,
    epoch: Math.floor(step / steps_per_epoch),
    steps_per_epoch,
    total_steps: moment.total_steps - warmup,
    history: moment.history.slice(Math.floor(warmup / steps_per_epoch)),
  };
}
