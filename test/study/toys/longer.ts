import { type LoadedConfig, withConfig } from '../../../src/config/index.ts';
import type { Group, GroupKind, Member, Outcome } from '../../../src/study/groups/kind.ts';
import { OVER_SEEDS, summarize } from '../../../src/study/groups/means.ts';

const NAME = 'longer';

/** Each run trains twice as long as the one before, for as long as that lowers the loss: it decides by what came of earlier runs. */
export const longer: GroupKind = {
  name: NAME,
  page: true,
  grows: true,
  asked: (loaded) => (loaded.config.name.startsWith(NAME) ? groupOf(loaded, { most: 3 }) : undefined),
  reopened: (loaded, options) =>
    typeof (options as { most?: unknown } | undefined)?.most === 'number'
      ? groupOf(loaded, options as { most: number })
      : undefined,
  soFar: (runs) =>
    sum(
      runs.map(({ name, ...run }) => ({ ...run, label: name })),
      true,
    ),
  isResult: ({ losses }) => Array.isArray(losses),
  view: (result) => ({
    what: 'ever longer',
    facts: [],
    note: 'twice the epochs each time',
    sections: [
      {
        kind: 'table',
        head: ['run', 'loss'],
        rows: (result as unknown as { losses: number[] }).losses.map((loss, i) => [[`${i + 1}`], [loss]]),
      },
    ],
  }),
  compared: (a, b) => (a.result.runs === b.result.runs ? () => undefined : 'one of them went on for longer'),
};

const lossOf = ({ brief }: Outcome) => brief?.result?.metrics.test?.['loss']?.value ?? Number.NaN;

const sum = (outcomes: readonly Outcome[], interrupted: boolean) => ({
  ...summarize(outcomes, { kind: NAME, interval: OVER_SEEDS, expect: [], interrupted }),
  losses: outcomes.map(lossOf),
});

function groupOf(loaded: LoadedConfig, options: { readonly most: number }): Group {
  const member = (i: number): Member => {
    const epochs = 2 ** i;
    const training = { ...loaded.config.training, epochs };
    return {
      name: String(i + 1),
      label: `${epochs} epochs`,
      loaded: withConfig(loaded, { ...loaded.config, training, expect: [] }),
    };
  };
  return {
    kind: NAME,
    options,
    planned: [member(0)],
    next(outcomes) {
      const [before, last] = outcomes.slice(-2);
      if (outcomes.length === 0) return member(0);
      const over = outcomes.at(-1)?.brief?.status === 'completed' && outcomes.length < options.most;
      return over && (!last || !before || lossOf(last) < lossOf(before))
        ? member(outcomes.length)
        : undefined;
    },
    summary: async (outcomes, { interrupted }) => ({ result: sum(outcomes, interrupted) }),
  };
}
