import { catalog } from '../entry.ts';
import { binaryCrossentropy } from './binary-crossentropy.ts';
import { categoricalCrossentropy } from './categorical-crossentropy.ts';
import { hinge } from './hinge.ts';
import type { LossEntry } from './loss.ts';
import { perceptron } from './perceptron.ts';
import { huber, meanAbsoluteError, meanSquaredError } from './regression.ts';
import { sparseCategoricalCrossentropy } from './sparse-categorical-crossentropy.ts';

export type { LossEntry } from './loss.ts';

// biome-ignore lint/suspicious/noExplicitAny: each entry has its own fields
export const losses = catalog<LossEntry<any>>(
  sparseCategoricalCrossentropy,
  categoricalCrossentropy,
  binaryCrossentropy,
  meanSquaredError,
  meanAbsoluteError,
  huber,
  hinge,
  perceptron,
);
