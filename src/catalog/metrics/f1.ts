import { f1Of, rates } from './confusion.ts';

/** f1_score: the harmonic mean of precision and recall. */
export const f1 = rates('f1', 'harmonic mean of precision and recall', f1Of);
