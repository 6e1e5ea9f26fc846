import type { SplitConfig } from '../config/config.ts';
import { configError, type MlxError } from '../errors.ts';

export interface Sizes {
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

const isShare = (value: number | null) => value !== null && value <= 1;
const inRows = (value: number, of: number) => (isShare(value) ? Math.round(value * of) : value);
/** Shares such as 0.7 + 0.3 are sums of rounded numbers. */
const TOLERANCE = 1e-9;
const REST = 'lower one of them; a part that is left out takes the rest';

/**
 * How many examples each part gets. Shares of `train` and `test` are of all examples; where one is left out
 * it takes the rest (both: everything is for training). Validation is carved out of the training part, its
 * share is of that part. In a fixed split the source says how many examples train and test.
 * @param count examples of the source
 * @param own examples of the source's own training part, where it has one
 * @throws MlxError `split-too-large`, `split-empty`, `split-fixed` with the config's path
 */
export function splitSizes(split: SplitConfig, count: number, own: number | undefined): Sizes {
  const { train: learning, test } =
    split.type === 'fixed' ? fixedSizes(split, count, own) : randomSizes(split, count);
  const validation = inRows(split.validation, learning);
  const train = learning - validation;
  if (train <= 0)
    throw at([], 'split-empty', `the split (${words(split)}) of ${count} examples leaves none for training`, {
      help: 'lower `test` or `validation`',
    });
  return { train, validation, test };
}

function fixedSizes(split: SplitConfig, count: number, own: number | undefined) {
  const field = split.train !== null ? 'train' : split.test !== null ? 'test' : undefined;
  if (field !== undefined)
    throw at(
      [field],
      'split-fixed',
      `a fixed split takes its parts from the source; \`${field}\` is ${split[field]}`,
      {
        help: `remove \`${field}\``,
      },
    );
  if (own === undefined)
    throw at(
      ['type'],
      'split-fixed',
      'a fixed split needs a source with a test part of its own; this one has none',
      {
        help: 'split: { type: random }, or name test files in the source',
      },
    );
  return { train: own, test: count - own };
}

/** `train` here still holds the validation examples. */
function randomSizes(split: SplitConfig, count: number) {
  const { train, test } = split;
  const shares = [train, test].filter(isShare).reduce<number>((sum, share) => sum + share!, 0);
  if (shares > 1 + TOLERANCE)
    throw at([], 'split-too-large', `the shares of the split (${words(split)}) sum to more than 1`, {
      help: REST,
    });
  const tested = inRows(test ?? 0, count);
  let trained = inRows(train ?? 0, count);
  // Rounding may make both shares together a row too many or too few: training absorbs it.
  const all = isShare(train) && isShare(test) && shares >= 1 - TOLERANCE;
  if (train === null || all) trained = count - tested;
  if (isShare(train) && isShare(test)) trained = Math.min(trained, count - tested);
  if (trained + tested > count || trained < 0)
    throw at(
      [],
      'split-too-large',
      `the split (${words(split)}) asks for more than the ${count} examples there are`,
      {
        help: REST,
      },
    );
  return { train: trained, test: train !== null && test === null ? count - trained : tested };
}

const words = ({ train, validation, test }: SplitConfig): string =>
  Object.entries({ train, validation: validation || null, test })
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

const at = (fields: readonly string[], code: string, message: string, details: { help: string }): MlxError =>
  configError(code, message, { path: ['data', 'split', ...fields], ...details });
