import type { Shape } from '../base/shape.ts';
import { type Dims, isSymbolic, product } from './dims.ts';
import { infer } from './shapes.ts';
import {
  type Conv2dAttrs,
  type DType,
  type Graph,
  type Node,
  type OpName,
  type Ops,
  type Output,
  type Pool2dAttrs,
  sameShape,
} from './types.ts';

/** Numpy's result shape of two operands. */
export function broadcastShapes(a: Dims, b: Dims): Dims {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const [p, q] = [a[i - rank + a.length] ?? 1, b[i - rank + b.length] ?? 1];
    return p === 1 ? q : p;
  });
}

type Operand = Node | number;

/**
 * Appends primitives to a graph. One method per primitive, with numpy's broadcasting made explicit as
 * `broadcast` nodes, and a few compositions that many layers share. Numbers become constants.
 */
export class GraphBuilder {
  readonly nodes: Node[] = [];
  readonly outputs: Output[] = [];
  /** Nodes that `differentiate` takes for constants. */
  readonly held = new Set<number>();
  /** Stamped on every node added while it is set. */
  scope = '';

  /** The general way in; the methods below are this with names. @throws GraphError */
  op<O extends OpName>(
    op: O,
    inputs: readonly Node[],
    attrs: Ops[O],
    given?: { shape: Dims; dtype: DType },
  ): Node {
    const typed = infer(op, inputs, attrs, given ?? { shape: [], dtype: 'f32' });
    const node = {
      id: this.nodes.length,
      op,
      attrs,
      inputs: inputs.map((n) => n.id),
      shape: typed.shape,
      dtype: typed.dtype,
      scope: this.scope,
    } as unknown as Node;
    this.nodes.push(node);
    return node;
  }

  finish(): Graph {
    return { nodes: this.nodes, outputs: this.outputs };
  }
  output(name: string, value: Node): void {
    this.outputs.push({ name, value: value.id });
  }

  input(name: string, shape: Dims, dtype: DType = 'f32'): Node {
    return this.op('input', [], { name }, { shape, dtype });
  }
  constant(data: Float32Array | Int32Array, shape: Shape): Node {
    return this.op('constant', [], { data }, { shape, dtype: data instanceof Int32Array ? 'i32' : 'f32' });
  }
  scalar(value: number): Node {
    return this.constant(new Float32Array([value]), []);
  }
  iota(shape: Dims, axis: number): Node {
    return this.op('iota', [], { axis }, { shape, dtype: 'i32' });
  }
  randomMask(stream: string, rate: number, shape: Dims): Node {
    return this.op('random_mask', [], { stream, rate }, { shape, dtype: 'f32' });
  }

  neg = (x: Node) => this.op('neg', [x], {});
  abs = (x: Node) => this.op('abs', [x], {});
  sign = (x: Node) => this.op('sign', [x], {});
  exp = (x: Node) => this.op('exp', [x], {});
  log = (x: Node) => this.op('log', [x], {});
  sqrt = (x: Node) => this.op('sqrt', [x], {});
  tanh = (x: Node) => this.op('tanh', [x], {});
  sigmoid = (x: Node) => this.op('sigmoid', [x], {});
  erf = (x: Node) => this.op('erf', [x], {});
  relu = (x: Node) => this.op('relu', [x], {});
  /** 1 where x > 0, else 0. */
  step = (x: Node) => this.op('step', [x], {});

  add = (a: Operand, b: Operand) => this.pair('add', a, b);
  sub = (a: Operand, b: Operand) => this.pair('sub', a, b);
  mul = (a: Operand, b: Operand) => this.pair('mul', a, b);
  div = (a: Operand, b: Operand) => this.pair('div', a, b);
  maximum = (a: Operand, b: Operand) => this.pair('maximum', a, b);
  minimum = (a: Operand, b: Operand) => this.pair('minimum', a, b);
  greater = (a: Operand, b: Operand) => this.pair('greater', a, b);
  greaterEqual = (a: Operand, b: Operand) => this.pair('greater_equal', a, b);
  equal = (a: Operand, b: Operand) => this.pair('equal', a, b);
  square = (x: Node) => this.mul(x, x);

  select(condition: Node, a: Operand, b: Operand): Node {
    const [p, q] = this.operands(a, b);
    const shape = broadcastShapes(condition.shape, p.shape);
    return this.op(
      'select',
      [condition, p, q].map((n) => this.broadcast(n, shape)),
      {},
    );
  }
  cast(x: Node, to: DType): Node {
    return x.dtype === to ? x : this.op('cast', [x], { to });
  }

  sum(x: Node, axes: readonly number[] = x.shape.map((_, i) => i)): Node {
    return axes.length === 0 ? x : this.op('reduce_sum', [x], { axes: [...axes].sort((a, b) => a - b) });
  }
  max(x: Node, axes: readonly number[]): Node {
    return this.op('reduce_max', [x], { axes: [...axes].sort((a, b) => a - b) });
  }
  /** Over symbolic sizes the sum is divided by a count that the graph takes itself. */
  mean(x: Node, axes: readonly number[] = x.shape.map((_, i) => i)): Node {
    const reduced = x.shape.filter((_, i) => axes.includes(i));
    const count = product(reduced);
    if (isSymbolic(count))
      return this.div(this.sum(x, axes), this.sum(this.broadcast(this.scalar(1), reduced)));
    return this.mul(this.sum(x, axes), 1 / count);
  }
  argmax(x: Node, axis: number): Node {
    return this.op('argmax', [x], { axis });
  }

  reshape(x: Node, shape: Dims): Node {
    return sameShape(x.shape, shape) ? x : this.op('reshape', [x], { shape });
  }
  transpose(x: Node, permutation: readonly number[]): Node {
    return this.op('transpose', [x], { permutation });
  }
  broadcast(x: Node, shape: Dims): Node {
    return sameShape(x.shape, shape) ? x : this.op('broadcast', [x], { shape });
  }
  slice(x: Node, starts: readonly number[], limits: Dims, strides = starts.map(() => 1)): Node {
    return this.op('slice', [x], { starts, limits, strides });
  }
  pad(
    x: Node,
    low: readonly number[],
    high: readonly number[],
    interior = low.map(() => 0),
    value = 0,
  ): Node {
    return this.op('pad', [x], { low, high, interior, value });
  }
  concat(parts: readonly Node[], axis: number): Node {
    return this.op('concat', parts, { axis });
  }
  gather(table: Node, index: Node): Node {
    return this.op('gather', [table, index], {});
  }
  scatterAdd(index: Node, updates: Node, rows: number): Node {
    return this.op('scatter_add', [index, updates], { rows });
  }

  matmul(a: Node, b: Node, transpose: { a?: boolean; b?: boolean } = {}): Node {
    return this.op('matmul', [a, b], { transposeA: transpose.a ?? false, transposeB: transpose.b ?? false });
  }
  conv2d(x: Node, kernel: Node, attrs: Conv2dAttrs): Node {
    return this.op('conv2d', [x, kernel], attrs);
  }
  maxPool2d(x: Node, attrs: Pool2dAttrs): Node {
    return this.op('max_pool2d', [x], attrs);
  }
  sumPool2d(x: Node, attrs: Pool2dAttrs): Node {
    return this.op('sum_pool2d', [x], attrs);
  }

  /** Puts size-1 axes back where a reduction dropped them, and spreads over them. */
  spread(reduced: Node, axes: readonly number[], shape: Dims): Node {
    const kept = shape.map((d, i) => (axes.includes(i) ? 1 : d));
    return this.broadcast(this.reshape(reduced, kept), shape);
  }
  /**
   * x less its maximum over the last axis: exp can't overflow. For forms that the shift cancels out of, so no
   * gradient flows through it.
   */
  shifted(x: Node): Node {
    const last = [x.shape.length - 1];
    const max = this.max(x, last);
    this.held.add(max.id);
    return this.sub(x, this.spread(max, last, x.shape));
  }
  /** log(softmax(x)) over the last axis, shifted by the maximum so that exp can't overflow. */
  logSoftmax(x: Node): Node {
    const last = [x.shape.length - 1];
    const shifted = this.shifted(x);
    return this.sub(shifted, this.spread(this.log(this.sum(this.exp(shifted), last)), last, x.shape));
  }
  /** exp(x) / sum(exp(x)) over the last axis. */
  softmax(x: Node): Node {
    const last = [x.shape.length - 1];
    const e = this.exp(this.shifted(x));
    return this.div(e, this.spread(this.sum(e, last), last, x.shape));
  }
  /** i32 `[batch]` -> f32 `[batch, classes]`. */
  oneHot(index: Node, classes: number): Node {
    const shape = [...index.shape, classes];
    const spread = this.spread(index, [index.shape.length], shape);
    return this.cast(this.equal(spread, this.iota(shape, index.shape.length)), 'f32');
  }

  private operands(a: Operand, b: Operand): [Node, Node] {
    const dtype = typeof a === 'number' ? (typeof b === 'number' ? 'f32' : b.dtype) : a.dtype;
    const node = (v: Operand) =>
      typeof v !== 'number' ? v : dtype === 'i32' ? this.constant(new Int32Array([v]), []) : this.scalar(v);
    const [p, q] = [node(a), node(b)];
    const shape = broadcastShapes(p.shape, q.shape);
    return [this.broadcast(p, shape), this.broadcast(q, shape)];
  }
  private pair(
    op: 'add' | 'sub' | 'mul' | 'div' | 'maximum' | 'minimum' | 'greater' | 'greater_equal' | 'equal',
    a: Operand,
    b: Operand,
  ) {
    return this.op(op, this.operands(a, b), {});
  }
}
