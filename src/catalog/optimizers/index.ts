import { catalog } from '../entry.ts';
import { adagrad } from './adagrad.ts';
import { adam } from './adam.ts';
import { adamw } from './adamw.ts';
import type { OptimizerEntry } from './optimizer.ts';
import { rmsprop } from './rmsprop.ts';
import { sgd } from './sgd.ts';

// biome-ignore lint/suspicious/noExplicitAny: each entry has its own fields
export const optimizers = catalog<OptimizerEntry<any>>(sgd, rmsprop, adagrad, adam, adamw);
