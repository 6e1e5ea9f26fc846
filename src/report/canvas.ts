import type { Charts } from './reporter.ts';

/** Dots in one cell, and the character for a set of them: bit `y * columns + x`, y from the top. */
interface Tier {
  readonly columns: number;
  readonly rows: number;
  char(bits: number): string;
}

// Unicode orders braille's dots by column for the upper three rows (1 2 3, 4 5 6), then the lowest row (7 8).
const BRAILLE_BITS = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80];

const TIERS: Readonly<Record<Charts, Tier>> = {
  braille: {
    columns: 2,
    rows: 4,
    char(bits) {
      let code = 0x2800;
      for (const [i, bit] of BRAILLE_BITS.entries()) if (bits & (1 << i)) code += bit;
      return String.fromCharCode(code);
    },
  },
  blocks: { columns: 1, rows: 2, char: (bits) => ' ▀▄█'.charAt(bits) },
  ascii: { columns: 1, rows: 2, char: (bits) => " '.:".charAt(bits) },
};

/** A grid of dots, drawn as `width` × `height` characters. Dots outside it are left out. */
export class Canvas {
  /** In dots. */
  readonly width: number;
  readonly height: number;
  private readonly cells: number[];
  private readonly across: number;
  private readonly tier: Tier;

  constructor(width: number, height: number, charts: Charts) {
    this.tier = TIERS[charts];
    this.across = width;
    this.width = width * this.tier.columns;
    this.height = height * this.tier.rows;
    this.cells = new Array<number>(width * height).fill(0);
  }

  /** Sets the dot at (x, y), (0, 0) at the top left. */
  set(x: number, y: number): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    const { columns, rows } = this.tier;
    const cell = Math.floor(y / rows) * this.across + Math.floor(x / columns);
    this.cells[cell]! |= 1 << ((y % rows) * columns + (x % columns));
  }

  /** Straight lines from each dot to the next; a single dot is drawn by itself. */
  path(dots: readonly (readonly [x: number, y: number])[]): void {
    let [last] = dots;
    for (const dot of dots) {
      this.line(...(last ?? dot), ...dot);
      last = dot;
    }
  }

  /** A straight line between two dots (Bresenham's, in steps of the longer side). */
  line(x0: number, y0: number, x1: number, y1: number): void {
    const steps = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0), 1);
    for (let i = 0; i <= steps; i++)
      this.set(Math.round(x0 + ((x1 - x0) * i) / steps), Math.round(y0 + ((y1 - y0) * i) / steps));
  }

  /** One array of characters a row; an empty cell is a space. */
  rows(): string[][] {
    const out: string[][] = [];
    for (let i = 0; i < this.cells.length; i += this.across)
      out.push(this.cells.slice(i, i + this.across).map((bits) => (bits === 0 ? ' ' : this.tier.char(bits))));
    return out;
  }
}

/** Puts a value into a grid of rows, (0, 0) at the top left; left out where it falls outside. */
export function put<T>(grid: readonly T[][], x: number, y: number, value: T): void {
  const row = grid[y];
  if (row && x >= 0 && x < row.length) row[x] = value;
}
