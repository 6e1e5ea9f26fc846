import type { ModelState, Rows, Values } from './model.ts';
import { doubles, integers } from './state.ts';

/**
 * Binary trees as plain arrays, one node after another, a tree's root first. Rows whose `column` holds at
 * most `at` go to the node `low`, others to `high`; in a leaf both are -1. Every node has `units` values.
 */
export interface Trees {
  /** The root of each tree. */
  readonly roots: Int32Array;
  readonly column: Int32Array;
  readonly at: Float64Array;
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly value: Float64Array; // [nodes, units]
}

/** Values closer than this count as equal, as in scikit-learn. */
export const SAME = 1e-7;

/** A threshold between two values that differ. */
export function between(low: number, high: number): number {
  const middle = low / 2 + high / 2;
  return middle === high ? low : middle;
}

/** Trees while they grow. */
export class Forest {
  private readonly roots: number[] = [];
  private readonly column: number[] = [];
  private readonly at: number[] = [];
  private readonly low: number[] = [];
  private readonly high: number[] = [];
  private readonly value: number[] = [];

  constructor(private readonly units: number) {}

  /** Trees that were grown earlier. */
  static of(trees: Trees, units: number): Forest {
    const forest = new Forest(units);
    for (const name of NAMES) for (const v of trees[name]) forest[name].push(v);
    return forest;
  }

  get nodes(): number {
    return this.column.length;
  }

  get leaves(): number {
    return this.low.reduce((sum, low) => sum + (low < 0 ? 1 : 0), 0);
  }

  /** The next node is the root of a new tree. */
  plant(): void {
    this.roots.push(this.nodes);
  }

  /** @returns the new leaf's number */
  leaf(values: ArrayLike<number>): number {
    this.column.push(0);
    this.at.push(0);
    this.low.push(-1);
    this.high.push(-1);
    for (let k = 0; k < this.units; k++) this.value.push(values[k]!);
    return this.nodes - 1;
  }

  /** Turns a leaf into a question. */
  split(node: number, column: number, at: number, low: number, high: number): void {
    this.column[node] = column;
    this.at[node] = at;
    this.low[node] = low;
    this.high[node] = high;
  }

  /** The leaf of a row in the tree with this root. */
  leafOf(root: number, { x, width }: Rows, row: number): number {
    let node = root;
    while (this.low[node]! >= 0)
      node = x[row * width + this.column[node]!]! <= this.at[node]! ? this.low[node]! : this.high[node]!;
    return node;
  }

  valueAt(node: number): number {
    return this.value[node * this.units]!;
  }

  state(): Map<string, Values> {
    return new Map<string, Values>([
      ['roots', Int32Array.from(this.roots)],
      ['column', Int32Array.from(this.column)],
      ['at', Float64Array.from(this.at)],
      ['low', Int32Array.from(this.low)],
      ['high', Int32Array.from(this.high)],
      ['value', Float64Array.from(this.value)],
    ]);
  }
}

const NAMES = ['roots', 'column', 'at', 'low', 'high', 'value'] as const;

export const treesOf = (state: ModelState): Trees => ({
  roots: integers(state, 'roots'),
  column: integers(state, 'column'),
  at: doubles(state, 'at'),
  low: integers(state, 'low'),
  high: integers(state, 'high'),
  value: doubles(state, 'value'),
});

/** The leaf of a row in the tree with this root. */
export function leafOf(
  { column, at, low, high }: Trees,
  root: number,
  { x, width }: Rows,
  row: number,
): number {
  let node = root;
  while (low[node]! >= 0) node = x[row * width + column[node]!]! <= at[node]! ? low[node]! : high[node]!;
  return node;
}
