import type { Writer } from './writer.ts';

/** Sums of products, one for each row of a thread: 1, or 4 rows that share what they read of B. */
export interface Dot<Row> {
  readonly rows: readonly Row[];
  /** Loops around, from outside in. */
  readonly outer: readonly number[];
  /** Kernel height and width of a convolution; 1, 1 elsewhere. */
  readonly taps: readonly [number, number];
  /** The innermost loop. */
  readonly inner: number;
  readonly a: (row: Row, at: Turn) => string;
  readonly b: (at: Turn) => string;
}
/** One turn of the loops: numbers where unrolled, integer expressions elsewhere. */
export interface Turn {
  readonly outer: readonly (string | number)[];
  readonly ky: string | number;
  readonly kx: string | number;
  readonly k: string | number;
}

/** Writes the loops, unrolled as far as the mode bears it, and gives the names of the sums. */
export function dot<Row>(w: Writer, { rows, outer, taps, inner, a, b }: Dot<Row>): string[] {
  const { unroll, integer } = w.dialect;
  const sums = rows.map(() => w.variable('0.0'));
  const shared = rows.length > 1 ? w.variable('0.0') : '';
  const product = (turn: Turn) => {
    if (rows.length === 1) {
      w.line(`${sums[0]}+=${a(rows[0]!, turn)}*${b(turn)};`);
      return;
    }
    w.line(`${shared}=${b(turn)};`);
    rows.forEach((row, r) => {
      w.line(`${sums[r]}+=${a(row, turn)}*${shared};`);
    });
  };
  const [height, width] = taps;
  const flat = height * width;
  const unrolled = flat <= unroll;
  const each = (turn: Omit<Turn, 'ky' | 'kx'>) => {
    if (unrolled) {
      for (let ky = 0; ky < height; ky++) for (let kx = 0; kx < width; kx++) product({ ...turn, ky, kx });
      return;
    }
    w.loop(height, 1, (ky) => {
      w.loop(width, 1, (kx) => product({ ...turn, ky: integer(ky), kx: integer(kx) }));
    });
  };
  const innermost = (turns: readonly (string | number)[]) => {
    const most = unrolled ? Math.max(1, Math.floor(unroll / flat)) : 1;
    // Eight reads in a row hide a loop's counting; with four rows each, four do.
    const by = Math.min(rows.length > 1 ? 4 : 8, most, inner);
    const whole = inner - (inner % by);
    if (whole === by) for (let u = 0; u < by; u++) each({ outer: turns, k: u });
    else
      w.loop(whole, by, (counter) => {
        const k = integer(counter);
        for (let u = 0; u < by; u++) each({ outer: turns, k: u === 0 ? k : `(${k}+${u})` });
      });
    for (let k = whole; k < inner; k++) each({ outer: turns, k });
  };
  const nest = (depth: number, turns: readonly (string | number)[]): void => {
    if (depth === outer.length) innermost(turns);
    else if (outer[depth] === 1) nest(depth + 1, [...turns, 0]);
    else w.loop(outer[depth]!, 1, (counter) => nest(depth + 1, [...turns, integer(counter)]));
  };
  nest(0, []);
  return sums;
}
