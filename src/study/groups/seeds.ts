import { dataSeed, type LoadedConfig, withConfig } from '../../config/index.ts';
import { compareReplicates } from '../../evaluate/index.ts';
import { type Group, type GroupKind, inTurn } from './kind.ts';
import { OVER_SEEDS, summarize } from './means.ts';
import { testRows } from './same-rows.ts';

const NAME = 'seeds';

/** Runs that differ in nothing but their seed, on the same data: how much chance does. */
export const seeds: GroupKind = {
  name: NAME,
  page: true,

  asked: (loaded) => (loaded.config.seeds ? groupOf(loaded, loaded.config.seeds) : undefined),

  reopened: (loaded) => seeds.asked!(loaded),

  soFar: (runs) =>
    summarize(
      runs.map(({ name, run, brief }) => ({
        label: brief?.started ? labelOf(brief.started.seed) : name,
        run,
        ...(brief && { brief }),
      })),
      { kind: NAME, interval: OVER_SEEDS, expect: [], interrupted: true },
    ),

  compared(a, b, part) {
    if (testRows(a, 0) !== testRows(b, 0)) return 'their test examples differ';
    const [first, second] = [a, b].map(({ result }) => (part && result.metrics[part]) ?? {});
    return (metric) => {
      const [one, two] = [first?.[metric], second?.[metric]];
      return one && two && compareReplicates(one.values, two.values, OVER_SEEDS);
    };
  },
};

const labelOf = (seed: number): string => `seed ${seed}`;

function groupOf(loaded: LoadedConfig, all: readonly number[]): Group {
  const { config } = loaded;
  const data = { ...config.data, seed: dataSeed(config) };
  const members = all.map((seed, i) => ({
    name: String(i + 1),
    label: labelOf(seed),
    // Gates are the group's: no member is held to them.
    loaded: withConfig(loaded, { ...config, seed, seeds: null, data, expect: [] }),
  }));
  return {
    kind: NAME,
    ...inTurn(members),
    summary: async (outcomes, { interrupted }) => ({
      result: summarize(outcomes, { kind: NAME, interval: OVER_SEEDS, expect: config.expect, interrupted }),
    }),
  };
}
