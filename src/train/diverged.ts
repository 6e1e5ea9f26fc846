import { engineError, type MlxError } from '../errors.ts';
import type { Progress } from './progress.ts';

/** A loss that is no longer a number: where, and what helps. */
export function diverged(
  what: 'loss' | 'validation loss' | 'test loss',
  value: number,
  { step, step_in_epoch, epoch }: Progress,
  rate: number | undefined,
): MlxError {
  // Between epochs, `epoch` counts the one that has just ended.
  const during = step_in_epoch > 0 ? epoch + 1 : epoch;
  const was = rate === undefined ? '' : ` (it was ${rate})`;
  return engineError('nan-loss', `the ${what} became ${value} at step ${step} (epoch ${during})`, {
    help: `try a smaller learning rate${was}, clipnorm: 1.0, or normalize the features; the folder keeps every step up to here`,
  });
}
