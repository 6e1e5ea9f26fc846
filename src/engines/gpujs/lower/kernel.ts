import { item } from '../../../base/item.ts';
import { type Shape, sizeOf } from '../../../base/shape.ts';
import {
  type BoundGraph,
  type BoundNodeOf,
  nodeOf,
  type OpName,
  type ValueId,
} from '../../../graph/index.ts';
import type { Dialect } from './dialect.ts';
import { Emitter } from './emit.ts';
import type { Fusion } from './fuse.ts';
import { viewOf } from './view.ts';
import { type Coordinates, Writer } from './writer.ts';

/** One generated kernel: what it reads, what it makes, its source. */
export interface Kernel {
  /** The value that it makes: a node of the graph, or an intermediate one beyond them. */
  readonly makes: ValueId;
  readonly reads: readonly ValueId[];
  readonly shape: Shape;
  /** gpu.js' output: `[x]`, `[x, y]` or `[x, y, z]`. */
  readonly output: readonly number[];
  readonly source: string;
  /** Four rows of y a thread, as `Array(4)`: the last of its pipeline, unpacked on the host. */
  readonly quads: boolean;
  /** Statements of all threads together. */
  readonly work: number;
}

/** Makes kernels; hands out names for values that the graph doesn't have, such as a padded image. */
export class Builder {
  readonly kernels: Kernel[] = [];
  private next: number;
  /** From a sum to the last value of the element-wise work that its kernel ends with. */
  private readonly ends: ReadonlyMap<ValueId, ValueId>;

  constructor(
    readonly graph: BoundGraph,
    readonly fusion: Fusion,
    readonly dialect: Dialect,
  ) {
    this.next = graph.nodes.length;
    this.ends = new Map([...fusion.tails].map(([last, sum]) => [sum, last]));
  }

  intermediate(): ValueId {
    return this.next++;
  }

  shapeOf(id: ValueId): Shape {
    return nodeOf(this.graph, id).shape;
  }

  /** One kernel of this shape; `write` gives the expression of a thread's result. */
  kernel(makes: ValueId, shape: Shape, write: (w: Writer, emit: Emitter) => string): ValueId {
    const w = new Writer(this.dialect, shape);
    const result = write(w, new Emitter(this.graph, this.fusion, w));
    this.add(makes, w, this.ended(makes, w, result, w.here()));
    return makes;
  }

  /** The result with the element-wise work after it. */
  ended(makes: ValueId, w: Writer, result: string, at: Coordinates): string {
    const last = this.ends.get(makes);
    if (last === undefined) return result;
    return new Emitter(this.graph, this.fusion, w, new Map([[makes, w.local(result)]])).computed(last, at);
  }

  add(makes: ValueId, w: Writer, result: string, quads = false): void {
    const view = viewOf(w.shape);
    const output = quads ? [item(view, 0), Math.ceil(item(view, 1) / 4), ...view.slice(2)] : view;
    this.kernels.push({
      makes: this.ends.get(makes) ?? makes,
      reads: w.reads,
      shape: w.shape,
      output,
      source: w.source(result),
      quads,
      work: w.work * sizeOf(output),
    });
  }
}

/** Writes the kernels of one primitive. */
export type Rule<O extends OpName> = (b: Builder, node: BoundNodeOf<O>) => void;
