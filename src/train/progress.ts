/** Where training stands: with the state tensors, all that a bit-equal continuation needs. Plain JSON. */
export interface Progress {
  /** Finished steps in all, and within the epoch that is under way. */
  step: number;
  epoch: number; // finished epochs
  step_in_epoch: number;
  /** Running sums of the epoch under way: metric times examples. */
  sums: Record<string, number>;
  examples: number;
  /** Metrics of the finished epochs. */
  history: Record<string, number>[];
  best: { epoch: number; value: number } | null;
  /** Losses that verdicts look at: of the very first step, and the largest of all. */
  first_loss: number | null;
  peak_loss: number | null;
  /** Epochs without improvement. */
  waited: number;
  /** Why training is over, once it is. */
  stopped: string | null;
}

export const newProgress = (): Progress => ({
  step: 0,
  epoch: 0,
  step_in_epoch: 0,
  sums: {},
  examples: 0,
  history: [],
  best: null,
  first_loss: null,
  peak_loss: null,
  waited: 0,
  stopped: null,
});
