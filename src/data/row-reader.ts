import { type NumberFile, readNumbers } from '../readers/files/number-file.ts';

/** The values of examples, `[rows, ...shape]`, row-major, in memory or in a file. */
export type Values = Uint8Array | Float32Array | NumberFile;

/** Reads rows from memory or a file. It keeps a buffer, so two callers can't share one. */
export interface RowReader {
  /** Copies the rows `at[from .. from + count)` into `out`, `[count, width]`. */
  read(at: ArrayLike<number>, from: number, count: number, out: Float64Array | Float32Array): void;
}

export function rowReader(values: Values, width: number): RowReader {
  if ('handle' in values) return fileReader(values, width);
  return {
    read(at, from, count, out) {
      for (let k = 0, to = 0; k < count; k++) {
        const start = at[from + k]! * width;
        for (let j = 0; j < width; j++) out[to++] = values[start + j]!;
      }
    },
  };
}

/** Bytes fetched at once where rows are neighbours, or nearly so. */
const SPAN = 2 ** 18;
/** The most unneeded rows to fetch between two needed ones. */
const GAP = 16;

function fileReader(file: NumberFile, width: number): RowReader {
  const most = Math.max(1, Math.floor(SPAN / (4 * width)));
  const held = new Float32Array(most * width);
  return {
    read(at, from, count, out) {
      for (let k = 0; k < count; ) {
        const first = at[from + k]!;
        let end = k + 1;
        let last = first;
        for (; end < count; end++) {
          const row = at[from + end]!;
          if (row < last || row - last > GAP || row - first >= most) break;
          last = row;
        }
        readNumbers(file, first * width, held.subarray(0, (last - first + 1) * width));
        for (; k < end; k++) {
          const start = (at[from + k]! - first) * width;
          for (let j = 0, to = k * width; j < width; j++) out[to++] = held[start + j]!;
        }
      }
    },
  };
}

/** Copies some columns of the rows `at[from .. from + count)`, each into an array of its own. */
type ReadColumns = (at: ArrayLike<number>, from: number, count: number, out: readonly Float64Array[]) => void;

export function columnReader(
  values: Values,
  width: number,
  columns: readonly number[],
  codes?: readonly (Int32Array | undefined)[],
): ReadColumns {
  const copy =
    'handle' in values ? fileColumns(values, width, columns) : memoryColumns(values, width, columns);
  if (!codes) return copy;
  return (at, from, count, out) => {
    copy(at, from, count, out);
    columns.forEach((j, k) => {
      const map = codes[j];
      const values = out[k]!;
      if (map) for (let i = 0; i < count; i++) if (values[i]! >= 0) values[i] = map[values[i]!]!;
    });
  };
}

const memoryColumns =
  (values: Uint8Array | Float32Array, width: number, columns: readonly number[]): ReadColumns =>
  (at, from, count, out) => {
    for (let k = 0; k < columns.length; k++) {
      const [j, to] = [columns[k]!, out[k]!];
      for (let i = 0; i < count; i++) to[i] = values[at[from + i]! * width + j]!;
    }
  };

function fileColumns(file: NumberFile, width: number, columns: readonly number[]): ReadColumns {
  const reader = fileReader(file, width);
  let held = new Float32Array();
  let inOrder = new Uint32Array();
  return (at, from, count, out) => {
    if (held.length < count * width) {
      held = new Float32Array(count * width);
      inOrder = Uint32Array.from({ length: count }, (_, i) => i);
    }
    reader.read(at, from, count, held);
    memoryColumns(held, width, columns)(inOrder, 0, count, out);
  };
}
