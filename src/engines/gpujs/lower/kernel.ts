import type { Graph, NodeOf, OpName, Shape, ValueId } from '../../../graph/index.ts';
import type { Dialect } from './dialect.ts';
import { Emitter } from './emit.ts';
import { viewOf } from './view.ts';
import { Writer } from './writer.ts';

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
}

/** Makes kernels; hands out names for values that the graph doesn't have, such as a padded image. */
export class Builder {
  readonly kernels: Kernel[] = [];
  private next: number;

  constructor(
    readonly graph: Graph,
    readonly isStored: ReadonlySet<ValueId>,
    readonly dialect: Dialect,
  ) {
    this.next = graph.nodes.length;
  }

  intermediate(): ValueId {
    return this.next++;
  }

  shapeOf(id: ValueId): Shape {
    return this.graph.nodes[id]!.shape;
  }

  /** One kernel of this shape; `write` gives the expression of a thread's result. */
  kernel(makes: ValueId, shape: Shape, write: (w: Writer, emit: Emitter) => string): ValueId {
    const w = new Writer(this.dialect, shape);
    const result = write(w, new Emitter(this.graph, this.isStored, w));
    this.add(makes, shape, w, result, false);
    return makes;
  }

  add(makes: ValueId, shape: Shape, w: Writer, result: string, quads: boolean): void {
    const view = viewOf(shape);
    const output = quads ? [view[0]!, Math.ceil(view[1]! / 4), ...view.slice(2)] : view;
    this.kernels.push({ makes, reads: w.reads, shape, output, source: w.source(result), quads });
  }
}

/** Writes the kernels of one primitive. */
export type Rule<O extends OpName> = (b: Builder, node: NodeOf<O>) => void;
