import type { Shape } from '../base/shape.ts';
import type { RawData } from '../readers/raw-data.ts';
import { type RowReader, rowReader, type Values } from './row-reader.ts';

/** For each column the new code of each old code; undefined where they are the same. */
export type Codes = readonly (Int32Array | undefined)[];

/**
 * A source's rows with the levels of the training rows: `columns` lists the levels, `recodedReader` reads the
 * values.
 */
export interface RecodedData extends RawData {
  readonly codes?: Codes;
}

/**
 * Gives levels that no training row has the code -1 and renumbers the others, so that nothing that is fitted
 * depends on other rows.
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

/** Reads rows with the codes of the training levels. */
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

/** Rows per block: enough that calls cost little, few enough for the processor's cache. */
export const rowsAtOnce = (width: number): number => Math.max(16, Math.min(512, Math.floor(8192 / width)));

/** Calls `visit` with blocks of `[count, width]` values in order; the array is reused. */
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
