import { type LoadedConfig, withConfig } from '../../../config/index.ts';
import { configValues } from '../../config-values.ts';
import { type Group, type GroupKind, inTurn, type Member, type Outcome } from '../kind.ts';
import { type MeanInterval, OVER_SEEDS, summarize } from '../means.ts';
import { compareRowByRow } from './compare.ts';
import { readFolds } from './out-of-fold.ts';
import { pooledOf } from './pooled.ts';

const NAME = 'k_fold';
/** The run that trains on all folds, to be tested on the part that was set aside. */
const FINAL = 'final';

/** Cross-validation: every row is tested once, by a model that never saw it. */
export const kFold: GroupKind = {
  name: NAME,
  page: true,

  asked(loaded) {
    const { type, fold, folds } = loaded.config.data.split;
    const all = type === 'k_fold' && fold === null;
    return all ? groupOf(loaded, folds!) : undefined;
  },

  reopened: (loaded) => kFold.asked!(loaded),

  soFar(runs, resolved) {
    const folds = Number(configValues(resolved)?.get('data.split.folds'));
    const outcomes = runs.map(
      ({ name, run, brief }): Outcome => ({
        label: name,
        run,
        ...(name === FINAL && { apart: true }),
        ...(brief && { brief }),
      }),
    );
    const interval = folds > 1 ? overFolds(folds) : OVER_SEEDS;
    return summarize(outcomes, { kind: NAME, interval, expect: [], interrupted: true });
  },

  words: {
    apart: { line: 'all folds', page: 'trained on all folds, tested on the part set aside' },
    apartMetrics: 'set aside',
    pooled: 'All folds together',
    confusion: 'All folds together: what each run took the rows for that it never trained on.',
  },

  compared: compareRowByRow,
};

// What isn't tested takes part in training, be it as validation.
const overFolds = (folds: number): MeanInterval => ({
  method: 'corrected_resampled_t',
  tested: 1,
  trained: folds - 1,
  text: '95% of the mean over folds, corrected resampled t (Nadeau & Bengio 2003)',
});

function groupOf(loaded: LoadedConfig, folds: number): Group {
  const interval = overFolds(folds);
  const { expect } = loaded.config;
  return {
    kind: NAME,
    ...inTurn(membersOf(loaded, folds)),
    async summary(outcomes, { interrupted }) {
      const tables = tablesOf(outcomes);
      const found = 'missing' in tables ? undefined : tables;
      const pooled = found && pooledOf(found.outOfFold);
      const result = summarize(outcomes, {
        kind: NAME,
        interval,
        expect,
        interrupted,
        ...(pooled && { pooled }),
      });
      return { result, ...(found && { predictions: found.lines }) };
    },
  };
}

/**
 * Each fold is tested once for each seed, which draws folds of its own; then, where a part was set aside, one
 * run trains on all folds.
 */
function membersOf(loaded: LoadedConfig, folds: number): Member[] {
  const { config } = loaded;
  const member = (name: string, label: string, seed: number, fold: number | 'final'): Member => {
    const split = { ...config.data.split, fold };
    const data = { ...config.data, split };
    // Gates are the group's: no member is held to them.
    return { name, label, loaded: withConfig(loaded, { ...config, seed, seeds: null, data, expect: [] }) };
  };
  const seeds = config.seeds ?? [config.seed];
  const members = seeds.flatMap((seed, s) =>
    Array.from({ length: folds }, (_, f) => {
      const label = seeds.length > 1 ? `seed ${seed}, fold ${f + 1}` : `fold ${f + 1}`;
      return member(String(s * folds + f + 1), label, seed, f + 1);
    }),
  );
  if ((config.data.split.test ?? 0) > 0)
    members.push({ ...member(FINAL, FINAL, config.seed, 'final'), apart: true });
  return members;
}

/** What the folds' runs that completed said of rows that they never trained on. */
function tablesOf(outcomes: readonly Outcome[]): ReturnType<typeof readFolds> {
  const folds = outcomes.flatMap(({ apart, label, brief }) =>
    !apart && brief?.status === 'completed' ? [{ run: brief.folder, label, result: brief.result }] : [],
  );
  return readFolds(folds);
}
