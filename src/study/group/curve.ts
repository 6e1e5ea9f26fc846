import { type CurveSize, type LearningCurve, readCurve } from '../../evaluate/index.ts';
import type { CurveOptions } from '../../pipeline/curve-members.ts';
import { readRun } from '../../record/index.ts';
import type { Outcome } from './summarize.ts';

/** As `group.json` keeps it: which runs there are, and what the curve is drawn of. */
export interface KeptOptions extends CurveOptions {
  readonly metric: string;
}

export const CURVE = 'learning_curve';

/** @returns undefined for what isn't as a learning curve keeps it */
export function asCurveOptions(value: unknown): KeptOptions | undefined {
  const { sizes, seeds, equal_steps, metric } = (value ?? {}) as Partial<Record<string, unknown>>;
  const numbers = (list: unknown): list is number[] =>
    Array.isArray(list) && list.length > 0 && list.every((n) => typeof n === 'number' && Number.isFinite(n));
  if (!numbers(sizes) || !numbers(seeds) || typeof equal_steps !== 'boolean' || typeof metric !== 'string')
    return undefined;
  if (sizes.some((s) => s <= 0 || s > 1) || seeds.some((s) => !Number.isSafeInteger(s) || s < 0))
    return undefined;
  return { sizes, seeds, equal_steps, metric };
}

/** What the runs that completed show; undefined where not even all rows were trained on. */
export async function curveOf(
  outcomes: readonly Outcome[],
  { sizes, metric }: KeptOptions,
): Promise<LearningCurve | undefined> {
  const found: CurveSize[] = [];
  for (const [i] of sizes.entries()) {
    const scored: { train: Score; validation: Score }[] = [];
    let rows = 0;
    for (const { brief } of outcomes.filter((_, o) => o % sizes.length === i)) {
      const [train, validation] = (['train', 'validation'] as const).map((part) =>
        scoreOf(brief?.status === 'completed' ? brief.result?.metrics[part]?.[metric] : undefined),
      );
      if (!brief || !train || !validation) continue;
      scored.push({ train, validation });
      rows = (await readRun(brief.folder)).lock?.data.splits['train']?.count ?? rows;
    }
    const [train, validation] = [scored.map((s) => s.train), scored.map((s) => s.validation)];
    if (scored.length > 0 && rows > (found.at(-1)?.rows ?? 0)) found.push({ rows, train, validation });
  }
  return found.length > 0 ? readCurve(metric, found) : undefined;
}

type Score = CurveSize['train'][number];

const scoreOf = (
  found: { readonly value: number | null; readonly interval?: Score['interval'] } | undefined,
): Score | undefined =>
  found && typeof found.value === 'number'
    ? { value: found.value, ...(found.interval && { interval: found.interval }) }
    : undefined;
