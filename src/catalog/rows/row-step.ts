import type { RowStep } from '../../readers/table/row-step.ts';
import type { Entry } from '../entry.ts';

/**
 * A stateless step over rows, before the split. It may not learn anything across rows that the features
 * should learn from training rows alone.
 */
export interface RowStepEntry<P> extends Entry<P>, RowStep<P> {}
