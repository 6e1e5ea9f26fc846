import type { Shape } from '../base/shape.ts';
import type { RawData } from '../readers/raw-data.ts';
import { type RowReader, rowReader, type Values } from './row-reader.ts';

/** For each column the new code of each old one; undefined where they are the same. */
export type Codes = readonly (Int32Array | undefined)[];

/**
 * A source's rows, with categories as the training rows know them: `columns` say so, `recodedReader` gives
 * their values.
 */
export interface RecodedData extends RawData {
  readonly codes?: Codes;
}

/**
 * Levels that no training row has become -1, "not known", and the others are numbered anew: so that nothing
 * that is fitted can depend on other rows.
 */
export function withTrainingLevels(raw: RawData, train: Uint32Array): RecodedData {
  const { columns } = raw;
  if (!columns?.some(({ kind }) => kind === 'category')) return raw;
  const width = columns.length;
  const seen = columns.map(({ kind, levels = [] }) =>
    kind === 'category' ? new Uint8Array(levels.length) : undefined,
  );
  eachBlock(rowReader(raw.file ?? raw.x, width), width, train, (block, count) => {
    seen.forEach((flags, j) => {
      if (!flags) return;
      for (let i = 0, at = j; i < count; i++, at += width) {
        const code = block[at]!;
        if (code >= 0) flags[code] = 1;
      }
    });
  });
  if (seen.every((flags) => !flags || flags.every(Boolean))) return raw;
  const codes = seen.map((flags) => {
    let next = 0;
    return flags && Int32Array.from(flags, (is) => (is ? next++ : -1));
  });
  const after = columns.map((column, j) => ({
    ...column,
    ...(codes[j] && { levels: column.levels!.filter((_, k) => seen[j]![k]) }),
  }));
  return { ...raw, codes, columns: after };
}

/** The rows as the training rows know them. */
export function recodedReader(shape: Shape, values: Values, codes: Codes | undefined): RowReader {
  const width = shape.reduce((a, b) => a * b, 1);
  const reader = rowReader(values, width);
  if (!codes) return reader;
  return {
    read(at, from, count, out) {
      reader.read(at, from, count, out);
      codes.forEach((map, j) => {
        if (!map) return;
        for (let i = 0, to = j; i < count; i++, to += width) if (out[to]! >= 0) out[to] = map[out[to]!]!;
      });
    },
  };
}

/** Rows taken through at once: enough to forget what a call costs, few enough for the processor's cache. */
export const rowsAtOnce = (width: number): number => Math.max(16, Math.min(512, Math.floor(8192 / width)));

/** Calls `visit` with `[count, width]` values of all rows in turn; the array is used again. */
export function eachBlock(
  reader: RowReader,
  width: number,
  rows: ArrayLike<number>,
  visit: (block: Float64Array, count: number, from: number) => void,
): void {
  const most = rowsAtOnce(width);
  const block = new Float64Array(most * width);
  for (let from = 0; from < rows.length; from += most) {
    const count = Math.min(most, rows.length - from);
    reader.read(rows, from, count, block);
    visit(block, count, from);
  }
}
