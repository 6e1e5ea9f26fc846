import * as z from 'zod';
import type { Typed } from '../../catalog/entry.ts';
import type { Catalogues } from '../catalogues.ts';
import type { Config, Task } from '../config.ts';
import type { Problems } from '../problems.ts';
import { type MapTree, mapAt } from '../tree.ts';
import { checkTyped, type Fields, type Kind } from '../typed.ts';

/** Keras' three ways of clipping, shared by all optimizers. */
export const clippingSchema = () =>
  z.strictObject({
    clipnorm: clip('Largest norm of one gradient tensor.'),
    clipvalue: clip('Largest size of one gradient element.'),
    global_clipnorm: clip('Largest norm of all gradients together.'),
  });
const clip = (help: string) => z.number().gt(0).nullable().default(null).describe(help);

export const warmupSchema = () =>
  z.strictObject({
    warmup_steps: z.int().min(0).default(0).describe('Steps over which the rate rises from 0 in a line.'),
  });

export const DEFAULT_LOSS: Readonly<Record<Task, string>> = {
  classification: 'sparse_categorical_crossentropy',
  multilabel_classification: 'binary_crossentropy',
  regression: 'mean_squared_error',
};

export interface Objective {
  loss?: Typed<Fields>;
  optimizer?: Config['optimizer'];
  schedule?: Config['schedule'];
}

export function checkObjective(
  root: MapTree,
  task: Task,
  catalogues: Catalogues,
  problems: Problems,
): Objective {
  const typed = (kind: Kind) => checkTyped(root.entries.get(kind.noun) ?? mapAt(root), kind, problems);
  return {
    loss: typed({ noun: 'loss', entries: catalogues.losses, fallback: DEFAULT_LOSS[task] }),
    // The entries' contract promises a learning_rate; the shared schemas add the rest.
    optimizer: typed({
      noun: 'optimizer',
      entries: catalogues.optimizers,
      fallback: 'adam',
      shared: clippingSchema(),
    }) as Config['optimizer'] | undefined,
    schedule: typed({
      noun: 'schedule',
      entries: catalogues.schedules,
      fallback: 'constant',
      shared: warmupSchema(),
    }) as Config['schedule'] | undefined,
  };
}
