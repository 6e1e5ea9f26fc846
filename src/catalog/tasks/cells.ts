import type { Cells } from './task.ts';

/** Cells as numbers, row after row. */
export const numbersIn = (cells: Cells): Float32Array =>
  Float32Array.from(cells.flatMap((row) => row.map(Number)));

/** The cells of each row as one text. */
export const textsIn = (cells: Cells): string[] => cells.map((row) => row.join(','));
