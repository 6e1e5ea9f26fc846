import { catalog } from '../entry.ts';
import type { BalanceEntry } from './balance.ts';
import { classWeights } from './class-weights.ts';
import { oversample } from './oversample.ts';
import { smote } from './smote.ts';
import { undersample } from './undersample.ts';

export type * from './balance.ts';

// biome-ignore lint/suspicious/noExplicitAny: methods differ in their fields
export const balances = catalog<BalanceEntry<any>>(classWeights, oversample, undersample, smote);
