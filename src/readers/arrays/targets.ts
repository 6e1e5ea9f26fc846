import { byValueThenText } from '../../base/value-order.ts';
import { dataError } from '../../errors.ts';
import type { TargetShape } from '../../protocol/target.ts';
import { outputNames } from '../../protocol/target.ts';
import type { Targets } from '../raw-data.ts';
import type { SourceContext } from '../source-context.ts';
import { bytesOf, elementsOf, type NpyArray, shapeText } from './array.ts';
import { numbersOf, textsOf } from './elements.ts';

const MOST_CLASSES = 1000;

/** The targets in one array, `[n]`, or `[n, columns]` of a regression: texts, or numbers. */
export type TargetValues = readonly string[] | Float64Array;

/** @throws MlxError `npy-shape`, `npy-mismatch`, `npy-dtype` */
export function checkTargetShape(
  array: NpyArray,
  features: NpyArray,
  { task, numeric }: SourceContext,
): void {
  const { name, shape, dtype } = array;
  const single = shape.length === 1 || (shape.length === 2 && shape[1] === 1);
  if (!single && !(numeric && shape.length === 2))
    throw dataError('npy-shape', `${name} has the shape ${shapeText(shape)}; ${task} needs [examples]`, {
      help:
        !numeric && shape.length === 2
          ? 'save the index of the class instead of one column for each: `y.argmax(axis=1)`'
          : 'name another array in `target`',
    });
  if (shape[0] !== features.shape[0])
    throw dataError(
      'npy-mismatch',
      `${features.name} has ${features.shape[0]} examples, but ${name} has ${shape[0]} targets`,
      { help: 'name the two arrays that belong together' },
    );
  if (numeric && (dtype.kind === 'U' || dtype.kind === 'S'))
    throw dataError('npy-dtype', `${name} holds texts; ${task} needs numbers`, {
      help: 'set `task: classification`, or name another array in `target`',
    });
}

export async function readTargets(array: NpyArray): Promise<TargetValues> {
  if (array.dtype.kind === 'U' || array.dtype.kind === 'S') return textTargets(array, await bytesOf(array));
  const out = new Float64Array(array.count);
  let at = 0;
  for await (const values of elementsOf(array)) {
    out.set(values, at);
    at += values.length;
  }
  return out;
}

/** The targets of a one-dimensional array, from its bytes. */
export const targetsOf = (array: NpyArray, bytes: Uint8Array): TargetValues =>
  array.dtype.kind === 'U' || array.dtype.kind === 'S'
    ? textTargets(array, bytes)
    : Float64Array.from(numbersOf(bytes, array.dtype));

function textTargets({ name, dtype }: NpyArray, bytes: Uint8Array): readonly string[] {
  const texts = textsOf(bytes, dtype);
  if (texts) return texts;
  throw dataError('data-encoding', `${name} holds texts that are no Unicode`, {
    help: 'save them as Python texts: `a.astype(str)`',
  });
}

/** The classes or columns to predict. @throws MlxError `label-range`, `target-classes`, `target-value` */
export function targetShape(
  all: readonly TargetValues[],
  arrays: readonly NpyArray[],
  names: readonly string[] | null,
  ctx: SourceContext,
): TargetShape {
  if (ctx.numeric) {
    const width = arrays[0]!.shape[1] ?? 1;
    const base = ctx.target ?? 'target';
    return {
      kind: 'number',
      columns: width === 1 ? [base] : Array.from({ length: width }, (_, j) => `${base}${j + 1}`),
    };
  }
  const found = new Set<string>();
  all.forEach((values, k) => {
    values.forEach((value: string | number, i: number) => {
      if (typeof value === 'number' && !Number.isSafeInteger(value))
        throw dataError(
          'target-value',
          `${arrays[k]!.name}: the class of example ${i} is ${value}, no whole number`,
          {
            help: 'set `task: regression`, or save classes as whole numbers or texts',
          },
        );
      found.add(String(value));
    });
    if (found.size > MOST_CLASSES)
      throw dataError(
        'target-classes',
        `${arrays[k]!.name} has more than ${MOST_CLASSES} different values, too many for classes`,
        {
          help: 'set `task: regression`, or name another array in `target`',
        },
      );
  });
  if (names) {
    const wrong = [...found].find((value) => !/^\d+$/.test(value) || Number(value) >= names.length);
    if (wrong !== undefined)
      throw dataError(
        'label-range',
        `${arrays[0]!.name}: the class ${wrong} has no name; \`classes\` has ${names.length}`,
        {
          help: 'name the classes 0, 1, … in their order, or leave `classes` out',
        },
      );
    return { kind: 'class', classes: names };
  }
  if (found.size < 2)
    throw dataError(
      'target-classes',
      `${arrays[0]!.name} is always ${[...found][0]}: there is nothing to learn`,
      {
        help: 'name another array in `target`',
      },
    );
  return { kind: 'class', classes: [...found].sort(byValueThenText) };
}

/** Targets as class indices or numbers. @throws MlxError `target-value` */
export function codeTargets(
  all: readonly TargetValues[],
  arrays: readonly NpyArray[],
  target: TargetShape,
  { numeric }: Pick<SourceContext, 'numeric'>,
): Targets {
  const length = all.reduce((sum, values) => sum + values.length, 0);
  if (numeric) {
    const y = new Float32Array(new SharedArrayBuffer(4 * length));
    let at = 0;
    for (const values of all) {
      y.set(values as Float64Array, at);
      at += values.length;
    }
    const wrong = y.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0)
      throw dataError(
        'target-value',
        `${arrays[0]!.name}: a target is ${y[wrong]}; targets are finite numbers`,
        {
          help: 'leave such examples out before saving',
        },
      );
    return y;
  }
  const codes = new Map(outputNames(target).map((name, i) => [name, i]));
  const named = all.some((values) => values.some((value: string | number) => !codes.has(String(value))));
  const y = new Int32Array(new SharedArrayBuffer(4 * length));
  let at = 0;
  for (const values of all)
    for (const value of values) y[at++] = named ? Number(value) : codes.get(String(value))!;
  return y;
}
