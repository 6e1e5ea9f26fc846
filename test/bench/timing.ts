import type { Session } from '../../src/engines/engine.ts';
import type { Model } from './models.ts';

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1]!;

/**
 * Runs steps as training does.
 * @param milliseconds as many steps as they take, and `steps` at least
 * @returns median milliseconds of a step
 */
export async function timed(
  session: Session,
  model: Model,
  from: number,
  steps: number,
  milliseconds = 0,
): Promise<number> {
  const repeat = model.plan.programs.train!.repeat ?? 1;
  const times: number[] = [];
  const end = performance.now() + milliseconds;
  // The first two warm up, as peers' do.
  for (let i = -2; i < steps / repeat || performance.now() < end; i++) {
    const inputs = Array.from({ length: repeat }, (_, k) => model.inputs(from + (i + 2) * repeat + k));
    const start = performance.now();
    if (repeat > 1) await session.repeat!('train', inputs);
    else await session.run('train', inputs[0]!);
    if (i >= 0) times.push((performance.now() - start) / repeat);
  }
  return median(times);
}

/** The ratios of a table: `  0.77   1.33   1.52   1.7  short by 0.37`. */
export function verdict(ratios: readonly number[], bar: number | undefined): string {
  const got = median(ratios);
  const digits = got >= 100 ? 0 : got >= 10 ? 1 : 2;
  const spread = [Math.min(...ratios), got, Math.max(...ratios)]
    .map((v) => v.toFixed(digits).padStart(7))
    .join(' ');
  if (bar === undefined) return `${spread}      -`;
  const missing = (bar - got).toFixed(digits);
  return `${spread} ${String(bar).padStart(6)}  ${got >= bar ? 'reached' : `short by ${missing}`}`;
}
