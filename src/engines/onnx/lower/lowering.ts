import type { Shape } from '../../../base/shape.ts';
import { invariant } from '../../../errors.ts';
import {
  type Dims,
  type DType,
  fixedShape,
  fourAxes,
  type Graph,
  isSymbolic,
  type Node,
  nodeOf,
  sameShape,
  type ValueId,
} from '../../../graph/index.ts';
import { ModelBuilder } from '../format/model.ts';
import {
  FROM_NCHW,
  isFree,
  type Layout,
  permuted,
  physicalShape,
  planLayouts,
  splitChannels,
  TO_BLOCKED,
  TO_NCHW,
} from './layout.ts';
import { reorder } from './reorder.ts';
import { sizesOf } from './symbolic-sizes.ts';

export interface LoweringOptions {
  /** Only operators of the ONNX standard, for a model that other runtimes read. */
  readonly standard?: boolean;
  /** Channels of a block where ONNX Runtime's blocked layout may be used, else 0. */
  readonly block?: number;
  /** Inputs that become constants of the model. */
  readonly weights?: ReadonlyMap<string, Float32Array>;
  /** The model's own names for inputs. */
  readonly rename?: Readonly<Record<string, string>>;
}

export interface LoweredInput {
  readonly name: string;
  readonly shape: Dims;
  readonly dtype: DType;
}

/** A host-made tensor for a `random_mask`. */
export interface MaskInput {
  readonly name: string;
  readonly stream: string;
  readonly rate: number;
  readonly shape: Shape;
}

/** Makes a value in the layout that is asked for. */
export type Maker = (layout: Layout) => string;

/** State of one translation: which ONNX value holds which node, in which layouts. */
export class Lowering {
  readonly model = new ModelBuilder();
  readonly layouts: readonly Layout[];
  readonly block: number;
  readonly inputs: LoweredInput[] = [];
  readonly masks: MaskInput[] = [];
  private readonly uses = new Map<ValueId, number>();
  private readonly makers = new Map<ValueId, Maker>();
  private readonly memo = new Map<string, unknown>();

  constructor(
    readonly graph: Graph,
    readonly options: LoweringOptions,
  ) {
    this.block = options.block ?? 0;
    this.layouts = planLayouts(graph, this.block);
    const read = [
      ...graph.nodes.flatMap((node): readonly ValueId[] => node.inputs),
      ...graph.outputs.map((o) => o.value),
    ];
    for (const id of read) this.uses.set(id, (this.uses.get(id) ?? 0) + 1);
  }

  node(id: ValueId): Node {
    return nodeOf(this.graph, id);
  }
  input(node: Node, index: number): Node {
    const id = node.inputs[index];
    invariant(id !== undefined, `${node.op} has an operand ${index}`);
    return this.node(id);
  }
  layoutOf(id: ValueId): Layout {
    const layout = this.layouts[id];
    invariant(layout, `a layout was chosen for %${id}`);
    return layout;
  }
  usedOnce(id: ValueId): boolean {
    return this.uses.get(id) === 1;
  }

  /** Records what a rule made: a value in the node's planned layout, or a way to make it. */
  define(id: ValueId, made: string | Maker): void {
    if (typeof made === 'function') {
      this.makers.set(id, made);
      return;
    }
    const own = this.layoutOf(id);
    const { shape } = this.node(id);
    this.makers.set(id, (layout) => this.convert(made, shape, own, layout));
  }

  /** A value of the (logical) shape in another layout. */
  convert(value: string, shape: Dims, from: Layout, to: Layout): string {
    if (from === to) return value;
    if (from === 'blocked' || to === 'blocked') {
      const plain = from === 'blocked' ? to : from;
      const [, h, w, c] = fourAxes(shape);
      const free =
        plain === 'logical' ? isFree(splitChannels(shape, this.block), TO_BLOCKED) : h * w === 1 || c === 1;
      if (free) return this.reshape(value, this.physical(shape, to));
      return reorder(this, value, shape, from, to);
    }
    return from === 'logical'
      ? this.permute(value, shape, TO_NCHW)
      : this.permute(value, this.physical(shape, 'nchw'), FROM_NCHW);
  }

  physical(shape: Dims, layout: Layout): Dims {
    return physicalShape(shape, layout, this.block);
  }

  /** The ONNX value of a node, converted to the layout where need be (once). */
  get(id: ValueId, layout: Layout = 'logical'): string {
    return this.once(`value ${id} ${layout}`, () => {
      const make = this.makers.get(id);
      invariant(make, `%${id} stands before what reads it`);
      return make(layout);
    });
  }

  /** Emits something once for a key; later calls give the same value. */
  once<T>(key: string, make: () => T): T {
    if (!this.memo.has(key)) this.memo.set(key, make());
    return this.memo.get(key) as T;
  }

  /** Transposes a value of the given shape; a mere Reshape where nothing moves. */
  permute(value: string, shape: Dims, permutation: readonly number[]): string {
    if (permutation.every((axis, i) => axis === i)) return value;
    if (!isFree(shape, permutation)) return this.model.op('Transpose', [value], { perm: permutation });
    return this.reshape(value, permuted(shape, permutation));
  }

  reshape(value: string, shape: Dims): string {
    // A single symbolic size is left for ONNX to find.
    const single = shape.filter(isSymbolic).length <= 1;
    const sizes = single ? this.model.ints(shape.map((d) => (isSymbolic(d) ? -1 : d))) : sizesOf(this, shape);
    return this.model.op('Reshape', [value, sizes]);
  }

  /** Repeats a value of shape `from` to `to` by numpy's rules. */
  expand(value: string, from: Dims, to: Dims): string {
    if (sameShape(from, to)) return value;
    return this.model.op('Expand', [value, sizesOf(this, to)]);
  }

  /** Zeros (or `value`) of any shape, without storing them. */
  filled(shape: Dims, value: number): string {
    return this.expand(this.model.float(value), [], shape);
  }

  /** A constant, which is transposed here and not in the model. */
  constant(data: Float32Array | Int32Array, shape: Shape, dtype: DType, layout: Layout): string {
    if (layout === 'blocked') {
      const plain = this.model.initializer(data, shape, dtype);
      return this.convert(plain, shape, 'logical', 'blocked');
    }
    const laid = layout === 'nchw' ? transposed(data, shape) : data;
    return this.model.initializer(laid, fixedShape(this.physical(shape, layout)), dtype);
  }
}

/** [n, h, w, c] -> [n, c, h, w]. */
function transposed<T extends Float32Array | Int32Array>(data: T, shape: Shape): T {
  const [n, h, w, c] = fourAxes(shape);
  const out = data.slice() as T;
  const pixels = h * w;
  for (let image = 0; image < n; image++) {
    const base = image * pixels * c;
    for (let p = 0; p < pixels; p++) {
      for (let k = 0; k < c; k++) out[base + k * pixels + p] = data[base + p * c + k]!;
    }
  }
  return out;
}
