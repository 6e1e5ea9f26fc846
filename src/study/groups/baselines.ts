import {
  compareReplicates,
  directionOf,
  type Replicates,
  replicates,
  type Spread,
} from '../../evaluate/index.ts';
import type { Result } from '../../protocol/result.ts';
import { LEVEL } from '../holm.ts';

/** Simple models over the runs of a group. */
export interface GroupBaselines {
  readonly metric: string;
  /** Those that every run tried, the best mean first. */
  readonly models: readonly (Replicates & {
    readonly name: string;
    /** Network minus this one, on the same examples of each run. */
    readonly difference: Replicates;
    /**
     * Two-sided. Absent for runs on the same examples: their spread is that of seeds alone, and each run has
     * a test of its own.
     */
    readonly p?: number;
  })[];
  readonly text: string;
}

/**
 * Whether something simpler would have done, on average; undefined where the runs didn't all try the same.
 */
export function groupBaselines(
  results: readonly (Result | undefined)[],
  spread: Spread,
): GroupBaselines | undefined {
  const reports = results.flatMap((result) => (result ? [result.baselines] : []));
  const [first] = reports;
  if (!first || reports.length < 2 || reports.some((r) => r?.metric !== first.metric)) return undefined;
  const { metric } = first;
  const sign = directionOf(metric) === 'higher' ? -1 : 1;
  const models = first.models
    .flatMap(({ name }) => {
      const found = reports.map((report) => report?.models.find((m) => m.name === name));
      if (found.some((m) => m === undefined || m.value === null || m.difference === null)) return [];
      const differences = found.map((m) => m!.difference!);
      const { p } = compareReplicates(
        differences.map(() => 0),
        differences,
        spread,
      );
      return [
        {
          name,
          ...replicates(
            found.map((m) => m!.value),
            spread,
          ),
          difference: replicates(differences, spread),
          ...(p !== undefined && spread.method !== 'student' && { p }),
        },
      ];
    })
    .sort((a, b) => sign * (a.value! - b.value!));
  const [best] = models;
  return best && { metric, models, text: words(best, sign) };
}

function words({ name, value, difference, p }: GroupBaselines['models'][number], sign: number): string {
  const mean = `${name} ${value!.toFixed(4)} on average`;
  const apart = difference.value!;
  const verdict = `the network is ${Math.abs(apart).toFixed(4)} ${sign * apart < 0 ? 'better' : 'worse'}`;
  if (apart === 0) return `${mean}: as good as the network`;
  if (p === undefined) return `${mean}: ${verdict}; each run has its own test`;
  const shown = p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`;
  return `${mean}: ${p < LEVEL ? verdict : 'no difference to the network shown'}, ${shown}`;
}
