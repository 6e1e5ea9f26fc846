import { type CurveSize, type LearningCurve, readCurve } from '../../../evaluate/index.ts';
import { readRun } from '../../../record/index.ts';
import type { Outcome } from '../kind.ts';
import type { CurveOptions } from './options.ts';

/** What the runs that completed show; undefined where none did. */
export async function curveOf(
  outcomes: readonly Outcome[],
  { sizes, metric }: CurveOptions,
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
