import { entryOf } from './chain.ts';
import type { FittedTransform } from './columns.ts';
import { deferredFiller } from './deferred-features.ts';
import { heldOriginals } from './originals.ts';
import { openParts, type Prepared, type PreparedInput, withoutName } from './prepare.ts';
import type { Split } from './split-rows.ts';
import { closeParts } from './store.ts';

/** What a snapshot holds of prepared data: what can't be made again. */
type Snapshot = Omit<Prepared, keyof Split | 'unbalanced' | 'close' | Exclude<keyof PreparedInput, 'name'>>;

/** Prepared data as plain data, without what `fromSnapshot` can make again. */
export function toSnapshot(data: Prepared): unknown {
  const { inputs, target, balance, audit, files, splits, sourceRows, testGroups, bytes, shared } = data;
  const snapshot: Snapshot = {
    inputs: inputs.map((input) => ({
      ...input,
      transforms: input.transforms.map(({ entry, ...step }) => step as FittedTransform),
    })),
    target,
    audit,
    files,
    splits,
    bytes,
    shared,
    ...(balance && { balance }),
    ...(sourceRows && { sourceRows }),
    ...(testGroups && { testGroups }),
  };
  return snapshot;
}

/** The inverse of `toSnapshot`. */
export function fromSnapshot(kept: unknown): Prepared {
  const plain = kept as Snapshot;
  const { shared, target, sourceRows } = plain;
  const inputs = plain.inputs.map((input) => ({
    ...input,
    transforms: input.transforms.map((step) => ({ ...step, entry: entryOf(step) })),
    originals: heldOriginals(input.originals),
  }));
  return {
    ...plain,
    ...withoutName(inputs[0]!),
    inputs,
    ...openParts(shared, target, sourceRows, deferredFiller),
    close: () => closeParts(shared),
  };
}
