import { Misfit } from '../base/misfit.ts';
import { inOrder } from '../base/order.ts';
import { streamKey } from '../base/random.ts';
import { sizeOf } from '../base/shape.ts';
import { type Balanced, balances } from '../catalog/balance/index.ts';
import { taskOf } from '../catalog/tasks/index.ts';
import type { Config } from '../config/config.ts';
import { dataSeed } from '../config/data-seed.ts';
import { configError, invariant } from '../errors.ts';
import type { TargetShape } from '../protocol/target.ts';
import { deferredFiller } from './deferred-features.ts';
import { openPart, type SharedPart } from './part.ts';
import { inSharedMemory } from './shared-memory.ts';

/** What was done to the training rows, for the plan and the result. */
export interface BalanceReport {
  readonly type: string;
  /** Training rows of each class, by name. */
  readonly before: Readonly<Record<string, number>>;
  readonly after: Readonly<Record<string, number>>;
  /** Weight of each class in the loss. */
  readonly weights?: Readonly<Record<string, number>>;
}

export interface BalancedPart {
  readonly train: SharedPart;
  readonly report: BalanceReport;
}

/**
 * The training part with its classes balanced as `data.balance` says; the other parts stay as they are.
 * @throws MlxError with a path in the config where the rows don't allow it
 */
export function balanceTraining(
  config: Config,
  train: SharedPart,
  target: TargetShape,
): BalancedPart | undefined {
  const { balance } = config.data;
  if (!balance) return undefined;
  const entry = balances.get(balance.type);
  invariant(entry, `no balance ${balance.type}`);
  try {
    const classes = taskOf(config.task).target.classes(target);
    if (!classes)
      throw new Misfit('no-classes', 'balance needs classes; the target is a number', {
        help: 'remove `balance`',
      });
    const part = openPart(train, target, deferredFiller);
    const width = train.inputs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    const label = (i: number) => train.y[train.rows[i]!]!;
    const counts = classes.map(() => 0);
    for (let i = 0; i < part.count; i++) counts[label(i)]!++;
    const one = new Uint32Array(1);
    const row = (i: number, out: Float32Array) => {
      one[0] = i;
      let at = 0;
      for (const { name, shape } of train.inputs) {
        part.fill(name, out.subarray(at, at + sizeOf(shape)), one, 0, 1);
        at += sizeOf(shape);
      }
    };
    const stream = streamKey(dataSeed(config), `balance/${balance.type}`);
    const found = entry.balance({ count: part.count, width, classes, counts, label, row, stream }, balance);
    const after = counts.slice();
    if (found.rows) {
      after.fill(0);
      for (const i of found.rows) after[label(i)]!++;
    }
    for (const i of found.made?.from ?? []) after[label(i)]!++;
    const named = (values: readonly number[]) =>
      Object.fromEntries(classes.map((name, c) => [name, values[c]!]));
    return {
      train: applied(train, found, (input, out) => part.fill(input, out, inOrder(part.count), 0, part.count)),
      report: {
        type: balance.type,
        before: named(counts),
        after: named(after),
        ...(found.weights && { weights: named(found.weights) }),
      },
    };
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    const path = ['data', 'balance', ...(error.field === undefined ? [] : [error.field])];
    throw configError(error.code, error.message, { path, help: error.help });
  }
}

function applied(
  train: SharedPart,
  { rows, made, weights }: Balanced,
  fillAll: (input: string, out: Float32Array) => void,
): SharedPart {
  const weighted = weights && { weights: inSharedMemory(Float64Array.from(weights)) };
  if (made) {
    const count = train.rows.length;
    const whole = made.values.length / Math.max(1, made.from.length);
    let start = 0;
    const stores = train.inputs.map(({ name, shape }) => {
      const width = sizeOf(shape);
      const x = new Float32Array(new SharedArrayBuffer(4 * width * (count + made.from.length)));
      fillAll(name, x.subarray(0, count * width));
      made.from.forEach((_, k) => {
        const from = k * whole + start;
        x.set(made.values.subarray(from, from + width), (count + k) * width);
      });
      start += width;
      return { name, shape, store: { x } };
    });
    const origins = new Uint32Array(count + made.from.length);
    origins.set(train.rows);
    // A synthetic row has the class of the row that it was made from.
    made.from.forEach((i, k) => {
      origins[count + k] = train.rows[i]!;
    });
    const at = inSharedMemory(inOrder(origins.length));
    const inputs = stores.map((input) => ({ ...input, at }));
    return { inputs, rows: inSharedMemory(origins), y: train.y, ...weighted };
  }
  if (!rows) return { ...train, ...weighted };
  const inputs = train.inputs.map((input) => ({
    ...input,
    at: inSharedMemory(rows.map((i) => input.at?.[i] ?? i)),
  }));
  return { ...train, inputs, rows: inSharedMemory(rows.map((i) => train.rows[i]!)), ...weighted };
}

/** `oversample: 90 + 10 rows -> 90 + 90`, for people. */
export function balanceSummary({ before, after, weights }: BalanceReport): string {
  const listed = (values: Readonly<Record<string, number>>) => {
    const all = Object.entries(values);
    const shown = all.slice(0, 6).map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`);
    return `${shown.join(', ')}${all.length > 6 ? ', …' : ''}`;
  };
  if (weights) return `weights ${listed(weights)}`;
  return `${listed(before)} -> ${listed(after)}`;
}
