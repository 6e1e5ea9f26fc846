import type { Shape } from '../base/shape.ts';
import type { FittedTransform } from './columns.ts';
import { columnReader, type Values } from './row-reader.ts';
import type { Codes } from './training-levels.ts';

/** Rows of a table as they are stored. */
export interface TableRows {
  readonly shape: Shape;
  readonly values: Values;
  readonly codes?: Codes;
}

/** One step, and which of its columns are needed. */
interface Part {
  readonly step: FittedTransform;
  /** Columns after the step that are needed, ascending. */
  readonly needed: readonly number[];
  /** It has to run: it makes one of them. */
  readonly runs: boolean;
}

/**
 * Takes rows of a table through fitted steps column by column. Columns that a step doesn't change aren't
 * copied, columns that aren't needed aren't computed. The arithmetic is that of `applyTransform`.
 */
export class ColumnChain {
  private readonly parts: readonly Part[];
  private readonly inputs: readonly number[];
  private readonly read: ReturnType<typeof columnReader>;
  private readonly wanted: readonly number[];
  private readonly buffers = new Map<string, Float64Array>();

  /** @param wanted columns after the last step; all when left out */
  constructor(
    rows: TableRows,
    steps: readonly FittedTransform[],
    private readonly most: number,
    wanted?: readonly number[],
  ) {
    const width = (steps.at(-1)?.shape ?? rows.shape)[0]!;
    this.wanted = wanted ?? Array.from({ length: width }, (_, j) => j);
    let needed = [...new Set(this.wanted)].sort((a, b) => a - b);
    const parts: Part[] = [];
    for (const step of [...steps].reverse()) {
      const { layout } = step;
      const made = layout ? needed.some((j) => 'made' in layout.order[j]!) : false;
      parts.unshift({ step, needed, runs: layout ? made : true });
      if (!layout) continue;
      const before = new Set(made ? layout.selected : []);
      for (const j of needed) {
        const o = layout.order[j]!;
        if ('kept' in o) before.add(o.kept);
      }
      needed = [...before].sort((a, b) => a - b);
    }
    this.parts = parts;
    this.inputs = needed;
    this.read = columnReader(rows.values, rows.shape[0]!, needed, rows.codes);
  }

  /**
   * The wanted columns of the rows `at[from .. from + count)`, at most `most`; arrays may be longer, and are
   * used again.
   * @param training of training rows: the place of the first one among them
   */
  run(at: ArrayLike<number>, from: number, count: number, training?: number): readonly Float64Array[] {
    let columns: Float64Array[] = [];
    const raw = this.inputs.map((j) => this.buffer(`raw ${j}`, 1));
    this.read(at, from, count, raw);
    this.inputs.forEach((j, k) => {
      columns[j] = raw[k]!;
    });
    this.parts.forEach((part, k) => {
      columns = this.take(part, k, columns, count, training);
    });
    return this.wanted.map((j) => columns[j]!);
  }

  private take(
    { step, needed, runs }: Part,
    k: number,
    before: readonly Float64Array[],
    count: number,
    training: number | undefined,
  ): Float64Array[] {
    const after: Float64Array[] = [];
    const { layout, fitted, entry, texts } = step;
    if (!layout) {
      const { scale, shift } = fitted.affine!;
      for (const j of needed) {
        const [a, b] = [scale[j]!, shift[j]!];
        const [from, to] = [before[j]!, this.buffer(`${k} ${j}`, 1)];
        for (let i = 0; i < count; i++) to[i] = from[i]! * a + b;
        after[j] = to;
      }
      return after;
    }
    const { selected, order } = layout;
    let made: Float64Array = new Float64Array();
    if (runs) {
      const width = selected.length;
      const taken = this.buffer(`taken ${k}`, width).subarray(0, count * width);
      selected.forEach((j, to) => {
        const from = before[j]!;
        for (let i = 0, at = to; i < count; i++, at += width) taken[at] = from[i]!;
      });
      made = entry.apply(fitted, taken, count, { training, texts });
    }
    const width = made.length / count;
    for (const j of needed) {
      const o = order[j]!;
      if ('kept' in o) after[j] = before[o.kept]!;
      else {
        const to = this.buffer(`${k} ${j}`, 1);
        for (let i = 0, at = o.made; i < count; i++, at += width) to[i] = made[at]!;
        after[j] = to;
      }
    }
    return after;
  }

  private buffer(name: string, width: number): Float64Array {
    const held = this.buffers.get(name) ?? new Float64Array(this.most * width);
    this.buffers.set(name, held);
    return held;
  }
}
