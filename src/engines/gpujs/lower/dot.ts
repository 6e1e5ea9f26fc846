import { item } from '../../../base/item.ts';
import { sizeOf } from '../../../base/shape.ts';
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

/*
 * Long sums in float32 lose digits with each addition, and an optimizer that divides by a root of squares
 * makes much of the noise. So products are added up in three tiers: those of one unrolled turn of the
 * innermost loop, which costs nothing; blocks of about BLOCK where there are more than LONG of them; and all.
 */
const BLOCK = 256;
const LONG = 1024;

/** Writes the loops, unrolled as far as the mode bears it, and gives the names of the sums. */
export function dot<Row>(w: Writer, { rows, outer, taps, inner, enter, a, b }: Dot<Row>): string[] {
  const { unroll, integer } = w.dialect;
  const [height, width] = taps;
  const flat = height * width;
  const unrolled = flat <= unroll;
  const sums = rows.map(() => w.variable('0.0'));
  const blocked = sizeOf(outer) * flat * inner > LONG;
  const blocks = blocked ? rows.map(() => w.variable('0.0')) : sums;
  const turns = rows.map(() => w.variable('0.0'));
  const shared = rows.length > 1 ? w.variable('0.0') : '';
  const join = (to: readonly string[], from: readonly string[]) => {
    for (const [r, name] of to.entries()) w.line(`${name}+=${from[r]};`);
  };
  const product = (live: readonly Row[], turn: Turn, operator: '=' | '+=') => {
    if (rows.length > 1) w.line(`${shared}=${b(turn)};`);
    live.forEach((row, r) => {
      w.line(`${turns[r]}${operator}${a(row, turn)}*${shared || b(turn)};`);
    });
  };
  /** The products of one turn, for some numbers of the innermost loop. */
  const turnOf = (
    live: readonly Row[],
    loops: readonly (string | number)[],
    ks: readonly (string | number)[],
  ) => {
    if (unrolled) {
      let operator: '=' | '+=' = '=';
      for (const k of ks)
        for (let ky = 0; ky < height; ky++)
          for (let kx = 0; kx < width; kx++) {
            product(live, { outer: loops, k, ky, kx }, operator);
            operator = '+=';
          }
    } else {
      for (const name of turns) w.line(`${name}=0.0;`);
      for (const k of ks)
        w.loop(height, 1, (ky) => {
          w.loop(width, 1, (kx) =>
            product(live, { outer: loops, k, ky: integer(ky), kx: integer(kx) }, '+='),
          );
        });
    }
    join(blocks, turns);
  };
  const block = (body: () => void) => {
    if (blocked) for (const name of blocks) w.line(`${name}=0.0;`);
    body();
    if (blocked) join(sums, blocks);
  };
  const innermost = (loops: readonly (string | number)[]) => {
    const live = enter ? rows.map((row) => enter(row, loops)) : rows;
    const most = unrolled ? Math.max(1, Math.floor(unroll / flat)) : 1;
    // Eight reads in a row hide a loop's counting; with four rows each, four do.
    const by = Math.min(rows.length > 1 ? 4 : 8, most, inner);
    const from = (k: string | number, count: number) =>
      turnOf(
        live,
        loops,
        Array.from({ length: count }, (_, u) => plus(k, u)),
      );
    const run = (start: number, count: number, base?: string) => {
      if (count === by) from(base === undefined ? start : integer(base), by);
      else
        w.loop(count, by, (counter) => {
          const before = base ?? (start > 0 ? String(start) : undefined);
          from(integer(before === undefined ? counter : w.local(`${before}+${counter}`)), by);
        });
    };
    // Whole blocks, whole turns of the unrolled loop, and what is left.
    const length = Math.max(by, Math.floor(BLOCK / flat / by) * by);
    const count = blocked && inner >= 2 * length ? Math.floor(inner / length) : 0;
    if (count > 0)
      w.loop(count, 1, (counter) => {
        const base = w.local(`${counter}*${length}`);
        block(() => run(0, length, base));
      });
    const done = count * length;
    if (done === inner) return;
    block(() => {
      const left = (inner - done) % by;
      const whole = inner - done - left;
      if (whole > 0) run(done, whole);
      if (left > 0) from(done + whole, left);
    });
  };
  const nest = (depth: number, loops: readonly (string | number)[]): void => {
    if (depth === outer.length) innermost(loops);
    else if (outer[depth] === 1) nest(depth + 1, [...loops, 0]);
    else w.loop(item(outer, depth), 1, (counter) => nest(depth + 1, [...loops, integer(counter)]));
  };
  nest(0, []);
  return sums;
}

const plus = (k: string | number, n: number): string | number => {
  if (typeof k === 'number') return k + n;
  return n === 0 ? k : `(${k}+${n})`;
};
