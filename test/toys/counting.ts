import { regression } from '../../src/catalog/tasks/regression.ts';
import type { TaskEntry } from '../../src/catalog/tasks/task.ts';
import type { NumberPredictions } from '../../src/protocol/predictions.ts';
import type { NumberTarget } from '../../src/protocol/target.ts';

/** How many: the network's number, rounded, and never below 0. */
export const counting: TaskEntry<NumberTarget, NumberPredictions> = {
  ...regression,
  name: 'counting',
  help: 'a whole number from 0 on',
  defaults: { ...regression.defaults, headline: 'mean_squared_error' },
  decide: (g, scores) => g.cast(g.add(g.maximum(scores, 0), 0.5), 'i32'),
  predictions(given) {
    const plain = regression.predictions(given);
    return { ...plain, scores: plain.scores.map((score) => Math.floor(Math.max(score, 0) + 0.5)) };
  },
};
