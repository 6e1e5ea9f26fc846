import { distance } from 'fastest-levenshtein';

/** Short names from other tools that no edit distance finds; used only where the long name exists. */
const SHORT: Readonly<Record<string, readonly string[]>> = {
  lr: ['learning_rate'],
  eta: ['learning_rate'],
  bs: ['batch_size'],
  batch: ['batch_size'],
  wd: ['weight_decay'],
  filter: ['filters'],
  kernel: ['kernel_size'],
  neurons: ['units'],
  size: ['units', 'kernel_size', 'pool_size'],
  p: ['rate'],
  model: ['architecture'],
  layers: ['architecture'],
  val: ['validation'],
  mse: ['mean_squared_error'],
  mae: ['mean_absolute_error'],
  rmse: ['root_mean_squared_error'],
  rmsle: ['root_mean_squared_log_error'],
  mape: ['mean_absolute_percentage_error'],
  auc: ['roc_auc'],
  auroc: ['roc_auc'],
  ap: ['average_precision'],
  pr_auc: ['average_precision'],
  ece: ['expected_calibration_error'],
  mcc: ['matthews_corrcoef'],
  kappa: ['cohen_kappa'],
  r2_score: ['r2'],
  recall: ['sensitivity'],
  acc: ['accuracy'],
  val_acc: ['val_accuracy'],
  linear: ['none'],
  none: ['linear'],
  swish: ['silu'],
  bce: ['binary_crossentropy'],
  crossentropy: ['sparse_categorical_crossentropy'],
};

const bare = (name: string) => name.toLowerCase().replace(/[_\-\s]/g, '');

/** The known name that was probably meant; case, `_` and `-` don't count. */
export function suggest(name: string, known: readonly string[]): string | undefined {
  if (name.length > 64) return undefined;
  const short = SHORT[name.toLowerCase()]?.find((long) => known.includes(long));
  if (short !== undefined) return short;
  const wanted = bare(name);
  let best: string | undefined;
  let least = Math.max(2, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of known) {
    const d = distance(wanted, bare(candidate));
    // A distance as long as the word itself says nothing: `a` is no typo of `lr`.
    if (d < least && d < wanted.length) [best, least] = [candidate, d];
  }
  return best;
}
