import { sizeOf } from '../../../graph/index.ts';
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
  /** What a row's reads share inside the outer loops. */
  readonly enter?: (row: Row, outer: readonly (string | number)[]) => Row;
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

/** Products that are added up by themselves before they join the sum: long sums in float32 lose digits. */
const BLOCK = 256;

/**
 * Writes the loops, unrolled as far as the mode bears it, and gives the names of the sums. Each is a sum of
 * sums of about BLOCK products: the rounding error grows with the root of both counts, not with their product.
 */
export function dot<Row>(w: Writer, { rows, outer, taps, inner, enter, a, b }: Dot<Row>): string[] {
  const { unroll, integer } = w.dialect;
  const [height, width] = taps;
  const flat = height * width;
  const unrolled = flat <= unroll;
  const sums = rows.map(() => w.variable('0.0'));
  const blocked = sizeOf(outer) * flat * inner > 2 * BLOCK;
  const parts = blocked ? rows.map(() => w.variable('0.0')) : sums;
  const shared = rows.length > 1 ? w.variable('0.0') : '';
  const product = (live: readonly Row[], turn: Turn) => {
    if (rows.length === 1) {
      w.line(`${parts[0]}+=${a(live[0]!, turn)}*${b(turn)};`);
      return;
    }
    w.line(`${shared}=${b(turn)};`);
    live.forEach((row, r) => {
      w.line(`${parts[r]}+=${a(row, turn)}*${shared};`);
    });
  };
  const block = (body: () => void) => {
    if (!blocked) return body();
    for (const part of parts) w.line(`${part}=0.0;`);
    body();
    for (const [r, part] of parts.entries()) w.line(`${sums[r]}+=${part};`);
  };
  const each = (live: readonly Row[], turn: Omit<Turn, 'ky' | 'kx'>) => {
    if (unrolled) {
      for (let ky = 0; ky < height; ky++)
        for (let kx = 0; kx < width; kx++) product(live, { ...turn, ky, kx });
      return;
    }
    w.loop(height, 1, (ky) => {
      w.loop(width, 1, (kx) => product(live, { ...turn, ky: integer(ky), kx: integer(kx) }));
    });
  };
  const innermost = (turns: readonly (string | number)[]) => {
    const live = enter ? rows.map((row) => enter(row, turns)) : rows;
    const most = unrolled ? Math.max(1, Math.floor(unroll / flat)) : 1;
    // Eight reads in a row hide a loop's counting; with four rows each, four do.
    const by = Math.min(rows.length > 1 ? 4 : 8, most, inner);
    const turn = (k: string | number) => each(live, { outer: turns, k });
    const run = (from: number, count: number, base?: string) => {
      const unrolledFrom = (k: string | number) => {
        for (let u = 0; u < by; u++) turn(plus(k, u));
      };
      if (count === by) unrolledFrom(base === undefined ? from : integer(base));
      else
        w.loop(count, by, (counter) => {
          const start = base ?? (from > 0 ? String(from) : undefined);
          unrolledFrom(integer(start === undefined ? counter : w.local(`${start}+${counter}`)));
        });
    };
    // Whole blocks, whole turns of the unrolled loop, and what is left.
    const length = Math.max(by, Math.floor(BLOCK / flat / by) * by);
    const blocks = blocked && inner >= 2 * length ? Math.floor(inner / length) : 0;
    if (blocks > 0)
      w.loop(blocks, 1, (counter) => {
        const base = w.local(`${counter}*${length}`);
        block(() => run(0, length, base));
      });
    const done = blocks * length;
    if (done === inner) return;
    block(() => {
      const whole = inner - done - ((inner - done) % by);
      if (whole > 0) run(done, whole);
      for (let k = done + whole; k < inner; k++) turn(k);
    });
  };
  const nest = (depth: number, turns: readonly (string | number)[]): void => {
    if (depth === outer.length) innermost(turns);
    else if (outer[depth] === 1) nest(depth + 1, [...turns, 0]);
    else w.loop(outer[depth]!, 1, (counter) => nest(depth + 1, [...turns, integer(counter)]));
  };
  nest(0, []);
  return sums;
}

const plus = (k: string | number, n: number): string | number => {
  if (typeof k === 'number') return k + n;
  return n === 0 ? k : `(${k}+${n})`;
};
