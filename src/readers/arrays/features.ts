import { dataError } from '../../errors.ts';
import { NumberSink } from '../files/number-file.ts';
import { openScratch } from '../files/scratch.ts';
import type { Column, RawData } from '../raw-data.ts';
import type { SourceContext } from '../source-context.ts';
import { elementsOf, type NpyArray, shapeText } from './array.ts';

/** Bytes of pictures that are held in memory. */
const MOST_BYTES = 2 ** 32;

export interface FeatureShape {
  /** One example: `[columns]`, `[height, width, channels]`. */
  readonly shape: readonly number[];
  /** Of examples that are rows of numbers. */
  readonly columns?: readonly Column[];
}

/**
 * The shape of one example: `[n, columns]` are rows with columns `column1`, `column2`, …; `[n]` is one
 * column; `[n, height, width]` and `[n, height, width, channels]` are pictures.
 * @throws MlxError `npy-dtype`, `npy-shape`
 */
export function featureShape(array: NpyArray, test: NpyArray | undefined): FeatureShape {
  for (const { name, dtype, shape } of test ? [array, test] : [array]) {
    if (dtype.kind === 'U' || dtype.kind === 'S')
      throw dataError('npy-dtype', `${name} holds texts; features are numbers`, {
        help: 'name another array in `features`',
      });
    if (shape.length < 1 || shape.length > 4)
      throw dataError('npy-shape', `${name} has the shape ${shapeText(shape)}`, {
        help: 'features are [examples, columns], [examples, height, width] or [examples, height, width, channels]',
      });
  }
  const example = array.shape.slice(1);
  if (test && test.shape.slice(1).join() !== example.join())
    throw dataError(
      'npy-mismatch',
      `examples of ${array.name} are ${shapeText(example)}, those of ${test.name} are ${shapeText(test.shape.slice(1))}`,
      { help: 'training and test examples need one shape' },
    );
  if (example.length >= 2) return { shape: example.length === 2 ? [...example, 1] : example };
  const width = example[0] ?? 1;
  const columns = Array.from(
    { length: width },
    (_, j): Column => ({ name: `column${j + 1}`, kind: 'number' }),
  );
  return { shape: [width], columns };
}

/** Values of all examples, test examples last: pictures of bytes as bytes, everything else as float32. */
export async function readFeatures(
  arrays: readonly NpyArray[],
  { columns }: FeatureShape,
  ctx: SourceContext,
): Promise<Pick<RawData, 'x' | 'file'>> {
  const count = arrays.reduce((sum, array) => sum + array.count, 0);
  const isBytes = !columns && arrays.every(({ dtype: { kind, bytes } }) => bytes === 1 && kind !== 'i');
  if (isBytes) return { x: await readBytes(arrays, count) };
  const scratch = openScratch(ctx.cache);
  const sink = new NumberSink(count, scratch, ctx.limits?.held);
  try {
    for (const array of arrays) {
      let at = 0;
      for await (const values of elementsOf(array)) {
        const out = sink.next(values.length);
        out.set(values);
        checkValues(array, values, out, at, columns !== undefined);
        at += values.length;
      }
    }
    const values = sink.finish();
    return 'handle' in values ? { x: new Float32Array(), file: values } : { x: values };
  } catch (error) {
    sink.discard();
    throw error;
  } finally {
    scratch.remove();
  }
}

async function readBytes(arrays: readonly NpyArray[], count: number): Promise<Uint8Array> {
  if (count > MOST_BYTES)
    throw dataError(
      'npy-too-large',
      `${arrays[0]!.name} has ${count} bytes; pictures are held in memory, up to 4 GiB`,
      {
        help: 'save fewer or smaller pictures',
      },
    );
  // In shared memory from the start: the training thread reads the same bytes.
  const x = new Uint8Array(new SharedArrayBuffer(count));
  let at = 0;
  for (const array of arrays)
    for await (const values of elementsOf(array)) {
      x.set(values, at);
      at += values.length;
    }
  return x;
}

/**
 * Missing values are allowed in columns, where `impute` can fill them; infinite ones never.
 * @throws MlxError `npy-value`
 */
function checkValues(
  { name, count, shape }: NpyArray,
  values: ArrayLike<number>,
  held: Float32Array,
  from: number,
  mayMiss: boolean,
): void {
  for (let i = 0; i < held.length; i++) {
    if (held[i]! - held[i]! === 0 || (mayMiss && Number.isNaN(held[i]))) continue;
    const example = Math.floor((from + i) / (count / shape[0]!));
    throw dataError(
      'npy-value',
      `${name}: example ${example} has the value ${values[i]}, which no float32 can hold as a number`,
      {
        help: 'replace such values before saving: `numpy.nan_to_num(a)`, or scale the array down',
      },
    );
  }
}
