import { Misfit } from '../catalog/entry.ts';
import type { Column, RawData } from '../catalog/sources/source.ts';
import { type FitRows, sizeOf, transforms } from '../catalog/transforms/index.ts';
import type { Config } from '../config/config.ts';
import { configError, invariant } from '../errors.ts';
import type { Shape } from '../graph/index.ts';
import { applyTransform, type FittedTransform, fitColumns } from './columns.ts';

type Step = Config['data']['features'][number];

export function entryOf(step: Step): FittedTransform['entry'] {
  const entry = transforms.get(step.kind)?.get(step.type);
  invariant(entry, `no transform ${step.kind}: ${step.type}`);
  return entry;
}

/** Turns a Misfit of step i into an error with its place in the config. */
export function atStep<T>(i: number, step: Step, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    const path = ['data', 'features', i, step.kind, ...(error.field === undefined ? [] : [error.field])];
    throw configError(error.code, error.message, { path, help: error.help });
  }
}

/** Rows taken through the chain at once. */
const CHUNK = 64;

/** Rows of the source after the transforms fitted so far, in float64. */
export function prepared(raw: RawData, rows: Uint32Array, chain: readonly FittedTransform[]): FitRows {
  const shape = chain.at(-1)?.shape ?? raw.shape;
  const width = sizeOf(shape);
  let first = -1;
  let held: Float64Array = new Float64Array();
  return {
    count: rows.length,
    shape,
    row(i, out) {
      if (first < 0 || i < first || i >= first + CHUNK) {
        first = i - (i % CHUNK);
        held = chunk(raw, rows.subarray(first, first + CHUNK), chain);
      }
      const from = (i - first) * width;
      for (let j = 0; j < width; j++) out[j] = held[from + j]!;
    },
  };
}

function chunk(raw: RawData, rows: Uint32Array, chain: readonly FittedTransform[]): Float64Array {
  const width = sizeOf(raw.shape);
  let values: Float64Array = new Float64Array(rows.length * width);
  rows.forEach((row, k) => {
    values.set(raw.x.subarray(row * width, (row + 1) * width), k * width);
  });
  for (const step of chain) values = applyTransform(step, values, rows.length);
  return values;
}

/** Fits each step on the training rows as the steps before it leave them. */
export function fitChain(raw: RawData, train: Uint32Array, steps: readonly Step[]): FittedTransform[] {
  const chain: FittedTransform[] = [];
  let columns: readonly Column[] | undefined = raw.columns;
  steps.forEach((step, i) => {
    const entry = entryOf(step);
    const rows = prepared(raw, train, chain);
    const made = atStep(i, step, (): FittedTransform => {
      const named = step['columns'] as readonly string[] | null | undefined;
      if (columns)
        return { kind: step.kind, type: step.type, entry, ...fitColumns(entry, step, rows, columns, named) };
      if (named)
        throw new Misfit('no-columns', 'these data have no columns to name', {
          field: 'columns',
          help: 'remove `columns`',
        });
      entry.shape(rows.shape, step);
      const fitted = entry.fit(rows, step);
      return { kind: step.kind, type: step.type, entry, fitted, shape: fitted.shape };
    });
    columns = made.columns;
    chain.push(made);
  });
  return chain;
}

/** Shape of one example after the steps, where it is known without data. */
export function shapeAfter(input: Shape, steps: readonly Step[]): Shape | undefined {
  let shape: Shape | undefined = input;
  steps.forEach((step, i) => {
    if (shape) shape = atStep(i, step, () => entryOf(step).shape(shape!, step));
  });
  return shape;
}
