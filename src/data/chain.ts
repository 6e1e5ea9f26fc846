import { Misfit } from '../catalog/entry.ts';
import { streamKey } from '../catalog/random.ts';
import type { Column, RawData } from '../catalog/sources/source.ts';
import { type FitRows, type FitTarget, sizeOf, transforms } from '../catalog/transforms/index.ts';
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

/**
 * Rows of the source after the transforms fitted so far, in float64.
 * @param training these are the training rows, which some transforms treat unlike others
 */
export function prepared(
  raw: RawData,
  rows: Uint32Array,
  chain: readonly FittedTransform[],
  training: boolean,
): Pick<FitRows, 'count' | 'shape' | 'row'> {
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
        held = chunk(raw, rows.subarray(first, first + CHUNK), chain, training ? first : undefined);
      }
      const from = (i - first) * width;
      for (let j = 0; j < width; j++) out[j] = held[from + j]!;
    },
  };
}

function chunk(
  raw: RawData,
  rows: Uint32Array,
  chain: readonly FittedTransform[],
  training: number | undefined,
): Float64Array {
  const width = sizeOf(raw.shape);
  let values: Float64Array = new Float64Array(rows.length * width);
  rows.forEach((row, k) => {
    values.set(raw.x.subarray(row * width, (row + 1) * width), k * width);
  });
  for (const step of chain) values = applyTransform(step, values, rows.length, training);
  return values;
}

const targetOf = ({ target, y }: RawData, train: Uint32Array): FitTarget => {
  const columns = target.kind === 'class' ? 1 : target.columns.length;
  const classes = target.kind === 'class' ? target.classes : [];
  return { kind: target.kind, classes, columns, value: (i, c = 0) => y[train[i]! * columns + c]! };
};

/** Fits each step on the training rows as the steps before it leave them. */
export function fitChain(
  raw: RawData,
  train: Uint32Array,
  steps: readonly Step[],
  seed: number,
): FittedTransform[] {
  const chain: FittedTransform[] = [];
  const target = targetOf(raw, train);
  const streamOf = (step: Step, i: number) => {
    const same = steps.slice(0, i).filter(({ kind, type }) => kind === step.kind && type === step.type);
    return streamKey(seed, `features/${step.kind}/${step.type}`, same.length);
  };
  let columns: readonly Column[] | undefined = raw.columns;
  steps.forEach((step, i) => {
    const entry = entryOf(step);
    const rows = { ...prepared(raw, train, chain, true), target, stream: streamOf(step, i) };
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
