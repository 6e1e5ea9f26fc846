import { item } from '../../../base/item.ts';
import { type Shape, sizeOf } from '../../../base/shape.ts';
import { invariant } from '../../../errors.ts';
import { sameShape, type ValueId } from '../../../graph/index.ts';
import type { Dialect } from './dialect.ts';
import { LARGEST_INDEX, middleAxes, runs, viewOf } from './view.ts';

/**
 * A coordinate along one axis: a number, text of the kernel language, or text that is made when it is needed.
 */
export type Coordinate = number | string | Lazy;
export interface Lazy {
  readonly text: () => string;
  /** Tells it from others without making its text. */
  readonly key: string;
}
export type Coordinates = readonly Coordinate[];

const textOf = (c: Coordinate): string => (typeof c === 'object' ? c.text() : String(c));
export const keyOf = (c: Coordinate): string => (typeof c === 'object' ? c.key : String(c));
/** A sum of coordinates with factors: `0` and `1` leave no trace. */
export function linear(...terms: readonly (readonly [Coordinate, number])[]): Coordinate {
  let constant = 0;
  const parts: string[] = [];
  for (const [c, factor] of terms) {
    if (typeof c === 'number') constant += c * factor;
    else if (factor === 1) parts.push(textOf(c));
    else if (factor !== 0) parts.push(`${textOf(c)}*${factor}`);
  }
  if (parts.length === 0) return constant;
  const text = parts.join('+');
  if (constant === 0) return parts.length === 1 && !/[+-]/.test(text) ? text : `(${text})`;
  return `(${text}${constant < 0 ? '' : '+'}${constant})`;
}

/** A number that float32 holds, as every kernel language reads it. */
export function literal(value: number): string {
  invariant(Number.isFinite(value), `a finite literal, found ${value}`);
  const text = String(Math.fround(value));
  const exact = Number(Math.fround(value).toPrecision(9));
  const short = String(exact).length < text.length ? String(exact) : text;
  const [mantissa, exponent] = short.split('e') as [string, string | undefined];
  const decimal = mantissa.includes('.') ? mantissa : `${mantissa}.0`;
  const whole = exponent === undefined ? decimal : `${decimal}e${exponent}`;
  return value < 0 ? `(${whole})` : whole;
}

const THREAD = ['this.thread.x', 'this.thread.y', 'this.thread.z'] as const;

/** Writes the source of one kernel: locals, loops and reads; nothing in it comes from a user's file. */
export class Writer {
  readonly reads: ValueId[] = [];
  private readonly head: string[] = [];
  private readonly body: string[] = [];
  private lines = this.body;
  /** Statements that one thread executes. */
  work = 1;
  private turns = 1;
  private names = 0;
  private readonly middles = new Map<string, Coordinates>();

  constructor(
    readonly dialect: Dialect,
    /** The shape of what the kernel makes; threads run over its view. */
    readonly shape: Shape,
  ) {
    for (const size of viewOf(shape)) check(size);
  }

  line(text: string): void {
    this.work += this.turns;
    this.lines.push(text);
  }

  fresh(): string {
    return `v${this.names++}`;
  }

  /** A constant of the kernel. */
  local(text: string): string {
    const name = this.fresh();
    this.line(`const ${name}=${text};`);
    return name;
  }

  variable(text: string): string {
    const name = this.fresh();
    this.line(`let ${name}=${text};`);
    return name;
  }

  /** `for` from 0 with literal bounds: WGSL and GLSL want them. */
  loop(count: number, step: number, body: (counter: string) => void): void {
    const counter = this.fresh();
    this.line(`for(let ${counter}=0;${counter}<${count};${counter}+=${step}){`);
    this.turns *= count / step;
    body(counter);
    this.turns /= count / step;
    this.line('}');
  }

  /** floor(value / divisor) for whole numbers >= 0; exact even where a division is off by a few units. */
  quotient(value: Coordinate, divisor: number): Coordinate {
    if (divisor === 1) return value;
    if (typeof value === 'number') return Math.floor(value / divisor);
    return this.local(`Math.floor((${textOf(value)}+0.5)/${divisor}.0)`);
  }

  /** A flat index along axes of these sizes as coordinates, first axis first. */
  split(flat: Coordinate, sizes: Shape): Coordinate[] {
    const result: Coordinate[] = new Array(sizes.length).fill(0);
    let rest = flat;
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      const size = item(sizes, axis);
      if (size === 1) continue;
      if (sizeOf(sizes.slice(0, axis)) === 1) {
        result[axis] = rest;
        break;
      }
      check(sizeOf(sizes.slice(0, axis + 1)));
      const above = this.quotient(rest, size);
      const digit = linear([rest, 1], [above, -size]);
      result[axis] = typeof digit === 'number' ? digit : this.local(textOf(digit));
      rest = above;
    }
    return result;
  }

  /**
   * Where this thread's element stands, by axis of `shape`. The parts of y are computed if they are asked
   * for.
   */
  here(): Coordinates {
    const { shape } = this;
    const view = viewOf(shape);
    if (shape.length === 0) return [];
    if (shape.length === 1) return [THREAD[0]];
    if (shape.length === 2) return [THREAD[1], THREAD[0]];
    return [view[2] === 1 ? 0 : THREAD[2], ...this.middle(shape.slice(1, -1)), THREAD[0]];
  }

  /** Writes before everything else, so that what is made inside a loop is known after it too. */
  ahead<T>(write: () => T): T {
    const { lines } = this;
    this.lines = this.head;
    const made = write();
    this.lines = lines;
    return made;
  }

  private middle(sizes: Shape): Coordinates {
    const real = sizes.filter((s) => s > 1).length;
    if (real === 0) return sizes.map(() => 0);
    if (real === 1) return sizes.map((s) => (s > 1 ? THREAD[1] : 0));
    const key = sizes.join('x');
    const known = this.middles.get(key);
    if (known) return known;
    let parts: Coordinate[] | undefined;
    const lazy = sizes.map((s, i): Coordinate => {
      if (s === 1) return 0;
      return {
        key: `y/${key}/${i}`,
        text: () => {
          parts ??= this.ahead(() => this.split(THREAD[1], sizes));
          return textOf(item(parts, i));
        },
      };
    });
    this.middles.set(key, lazy);
    return lazy;
  }

  /** Axes' coordinates as one index over all of them; gives back y itself where it was split from y. */
  private joined(coordinates: Coordinates, sizes: Shape): Coordinate {
    if (sizes.length === 0) return 0;
    const known = this.middles.get(sizes.join('x'));
    if (known && known.length === coordinates.length && known.every((c, i) => c === coordinates[i]))
      return THREAD[1];
    let factor = 1;
    const terms: [Coordinate, number][] = [];
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      if (sizes[axis] !== 1) terms.unshift([item(coordinates, axis), factor]);
      factor *= item(sizes, axis);
    }
    return linear(...terms);
  }

  /** The coordinates of a tensor as the index of its view: `[x]`, `[y, x]`, `[z, y, x]`. */
  place(coordinates: Coordinates, shape: Shape): Coordinate[] {
    const rank = shape.length;
    if (rank === 0) return [0];
    const x = item(coordinates, rank - 1);
    if (rank === 1) return [x];
    const axes = middleAxes(rank);
    const y = this.joined(
      axes.map((a) => item(coordinates, a)),
      axes.map((a) => item(shape, a)),
    );
    return rank === 2 ? [y, x] : [item(coordinates, 0), y, x];
  }

  /** Coordinates of the same element when a tensor of shape `from` is seen as `to`. */
  reshaped(coordinates: Coordinates, from: Shape, to: Shape): Coordinates {
    if (sameShape(from, to)) return coordinates;
    const result: Coordinate[] = new Array(to.length).fill(0);
    for (const run of runs(from, to)) {
      const live = run.to.filter((a) => item(to, a) > 1);
      if (live.length === 0) continue;
      const given = run.from.filter((a) => item(from, a) > 1);
      if (given.length === 1 && live.length === 1) {
        result[item(live, 0)] = item(coordinates, item(given, 0));
        continue;
      }
      if (given.length === live.length && given.every((a, i) => from[a] === to[item(live, i)])) {
        live.forEach((a, i) => {
          result[a] = item(coordinates, item(given, i));
        });
        continue;
      }
      const flat = this.joined(
        run.from.map((a) => item(coordinates, a)),
        run.from.map((a) => item(from, a)),
      );
      this.split(
        flat,
        run.to.map((a) => item(to, a)),
      ).forEach((c, i) => {
        result[item(run.to, i)] = c;
      });
    }
    return result;
  }

  /** The kernel's name of an array argument. */
  argument(id: ValueId): string {
    const at = this.reads.indexOf(id);
    return `a${at >= 0 ? at : this.reads.push(id) - 1}`;
  }

  /** An element of a stored tensor. */
  element(id: ValueId, shape: Shape, coordinates: Coordinates): string {
    return `${this.argument(id)}${this.place(coordinates, shape)
      .map((c) => `[${textOf(c)}]`)
      .join('')}`;
  }

  source(result: string): string {
    const parameters = this.reads.map((_, i) => `a${i}`).join(',');
    return `function(${parameters}){${[...this.head, ...this.body].join('')}return ${result};}`;
  }
}

function check(size: number): void {
  invariant(size <= LARGEST_INDEX * 2, `an axis of gpu.js holds ${LARGEST_INDEX * 2} elements, not ${size}`);
}

export const text = textOf;
