import type { StreamKey } from '../../base/random.ts';
import type { Entry } from '../entry.ts';
import type { Tag } from '../tags.ts';

/** The training rows after the features, as a method of balancing sees them. */
export interface BalanceRows {
  readonly count: number;
  /** Numbers of one example. */
  readonly width: number;
  readonly classes: readonly string[];
  /** Rows of each class. */
  readonly counts: readonly number[];
  /** Class index of row i. */
  label(i: number): number;
  /** Copies row i into `out`. */
  row(i: number, out: Float32Array): void;
  /** Random bits from the experiment's seed. */
  readonly stream: StreamKey;
}

/** What training is to see in place of the rows. What is left out stays as it is. */
export interface Balanced {
  /** Rows, some of them several times. */
  readonly rows?: Uint32Array;
  /** Rows that are made, behind the others. */
  readonly made?: {
    /** `[count, width]`. */
    readonly values: Float32Array;
    /** For each one a row of its class, from which it was made. */
    readonly from: Uint32Array;
  };
  /** Of each class in the loss; they average 1 over the rows where all classes weigh alike. */
  readonly weights?: readonly number[];
}

/** A way to make up for classes of unlike size, for the training rows alone; imbalanced-learn's names. */
export interface BalanceEntry<P> extends Entry<P> {
  readonly needs: readonly Tag[];
  /** @throws Misfit where the rows don't allow it */
  balance(rows: BalanceRows, params: P): Balanced;
}
