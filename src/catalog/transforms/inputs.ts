import { INPUT } from '../../base/examples.ts';
import type { Shape } from '../../base/shape.ts';
import type { Column, DataShape, InputShape } from '../../readers/raw-data.ts';
import type { TransformEntry } from './transform.ts';

// biome-ignore lint/suspicious/noExplicitAny: transforms differ in their fields
type AnyEntry = TransformEntry<any>;

/** All inputs; the only one is called `x`. */
export const inputShapes = ({ name = INPUT, shape, more = [] }: DataShape): readonly InputShape[] => [
  { name, shape },
  ...more.map((one) => ({ name: one.name, shape: one.shape })),
];

/** What a step acts on in an input: the columns that it names, or all that it takes. */
export interface Acting {
  readonly columns: readonly string[] | null;
}

/**
 * What a step does in one of several inputs: without `columns` it acts on every input that has something
 * for it; with `columns` on the inputs that they name, and on columns of tables.
 * @returns undefined where it passes the input by
 */
export function actingOn(
  entry: AnyEntry,
  named: readonly string[] | null | undefined,
  { name, columns }: { readonly name: string; readonly columns?: readonly Column[] },
): Acting | undefined {
  if (!named) {
    const kinds = columns?.map(({ kind }) => kind) ?? ['number'];
    const accepts: readonly string[] = entry.accepts ?? ['number', 'date'];
    return kinds.some((kind) => accepts.includes(kind)) ? { columns: null } : undefined;
  }
  if (named.includes(name)) return { columns: null };
  const own = named.filter((one) => columns?.some((column) => column.name === one));
  return own.length > 0 ? { columns: own } : undefined;
}

/** A step of `data.features` as far as it matters here. */
interface StepFields {
  readonly kind: string;
  readonly type: string;
  readonly columns?: readonly string[] | null;
}

/**
 * Shapes of one example of each input after the steps; undefined where only fitting tells.
 * @param shapeBy asks step i's transform; undefined where it can't tell
 */
export function shapesAfter<S extends StepFields>(
  inputs: readonly InputShape[],
  steps: readonly (S | undefined)[],
  entryOf: (step: S) => AnyEntry | undefined,
  shapeBy: (entry: AnyEntry, input: Shape, step: S, i: number) => Shape | undefined,
): readonly InputShape[] | undefined {
  const names = inputs.map(({ name }) => name);
  const after: InputShape[] = [];
  for (const { name, shape: before } of inputs) {
    let shape: Shape | undefined = before;
    for (const [i, step] of steps.entries()) {
      const entry = step && entryOf(step);
      if (!entry || !shape) return undefined;
      if (inputs.length > 1 && !actingOn(entry, step.columns, { name })) {
        // Columns of a row of numbers have their names only once they are read.
        if (shape.length === 1 && step.columns?.some((one) => !names.includes(one))) return undefined;
        continue;
      }
      shape = shapeBy(entry, shape, step, i);
    }
    if (!shape) return undefined;
    after.push({ name, shape });
  }
  return after;
}
