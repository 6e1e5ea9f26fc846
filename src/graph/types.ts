import { type Shape, sizeOf } from '../base/shape.ts';
import type { Dim, Dims } from './dims.ts';
import { GraphError } from './error.ts';

/**
 * The tensor IR: a single-assignment list of primitive operations, whose shapes are static but for symbolic
 * sizes (dims.ts): the batch, or a length that varies. Images are channels-last `[batch, height, width,
 * channels]`, convolution weights `[height, width, in, out]` (Keras' layouts); an engine may lay tensors out
 * otherwise as long as values agree.
 */
export type DType = 'f32' | 'i32' | 'bool';
/** Index of the node that makes the value; every node makes exactly one. */
export type ValueId = number;

/** `[[top, bottom], [left, right]]`, in pixels. */
export type Padding2d = readonly [readonly [number, number], readonly [number, number]];

export interface Conv2dAttrs {
  readonly strides: readonly [number, number];
  readonly padding: Padding2d;
  readonly dilations: readonly [number, number];
}
export interface Pool2dAttrs {
  readonly window: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: Padding2d;
}
type None = Record<string, never>;

/** The closed set of primitives with their attributes. Every rule table is total over its keys. */
export interface Ops {
  // leaves
  input: { readonly name: string };
  constant: { readonly data: Float32Array | Int32Array }; // row-major; bool is never a constant
  iota: { readonly axis: number }; // i32: each element is its index along `axis`
  /** f32: 0 with probability `rate`, else 1/(1-rate); bits from base/random.ts, stream + step counter. */
  random_mask: { readonly stream: string; readonly rate: number };
  // element-wise, f32 -> f32 (neg, abs, sign also i32)
  neg: None;
  abs: None;
  sign: None;
  exp: None;
  log: None;
  sqrt: None;
  tanh: None;
  sigmoid: None;
  erf: None;
  relu: None; // max(x, 0)
  step: None; // 1 where x > 0, else 0; no gradient
  // element-wise, two operands of equal shape and type
  add: None;
  sub: None;
  mul: None;
  div: None;
  maximum: None;
  minimum: None;
  greater: None; // -> bool
  greater_equal: None; // -> bool
  equal: None; // -> bool
  select: None; // (bool, a, b)
  cast: { readonly to: DType }; // f32 -> i32 truncates, bool -> 0/1
  // reduce; reduced axes are dropped
  reduce_sum: { readonly axes: readonly number[] };
  reduce_max: { readonly axes: readonly number[] };
  argmax: { readonly axis: number }; // -> i32, first of equals
  // movement
  reshape: { readonly shape: Dims };
  transpose: { readonly permutation: readonly number[] };
  broadcast: { readonly shape: Dims }; // numpy rules: leading axes added, 1 -> n
  slice: {
    readonly starts: readonly number[];
    readonly limits: Dims;
    readonly strides: readonly number[];
  };
  /** Zeros (or `value`) around, and `interior[i]` of them between elements of axis i. */
  pad: {
    readonly low: readonly number[];
    readonly high: readonly number[];
    readonly interior: readonly number[];
    readonly value: number;
  };
  concat: { readonly axis: number };
  /** rows of a table: `[rows, ...rest]`, i32 `[...index]` -> `[...index, ...rest]`. */
  gather: None;
  /**
   * zeros `[rows, ...rest]` + updates `[...index, ...rest]` summed at i32 `[...index]`: inputs (index,
   * updates).
   */
  scatter_add: { readonly rows: number };
  // contractions
  /** `[...batch, m, k] x [...batch, k, n]`, either operand read transposed in its last two axes. */
  matmul: { readonly transposeA: boolean; readonly transposeB: boolean };
  conv2d: Conv2dAttrs; // x [n,h,w,i], w [kh,kw,i,o] -> [n,oh,ow,o]
  conv2d_input_grad: Conv2dAttrs & { readonly input: Dims }; // dy, w -> dx
  conv2d_weight_grad: Conv2dAttrs & { readonly weight: Shape }; // x, dy -> dw
  max_pool2d: Pool2dAttrs;
  max_pool2d_grad: Pool2dAttrs; // x, dy -> dx, to the first maximum of each window in row-major order
  sum_pool2d: Pool2dAttrs;
  sum_pool2d_grad: Pool2dAttrs & { readonly input: Dims }; // dy -> dx
}
export type OpName = keyof Ops;

/** How many operands each primitive takes; `any`: one or more. */
export const arity = {
  input: 0,
  constant: 0,
  iota: 0,
  random_mask: 0,
  neg: 1,
  abs: 1,
  sign: 1,
  exp: 1,
  log: 1,
  sqrt: 1,
  tanh: 1,
  sigmoid: 1,
  erf: 1,
  relu: 1,
  step: 1,
  add: 2,
  sub: 2,
  mul: 2,
  div: 2,
  maximum: 2,
  minimum: 2,
  greater: 2,
  greater_equal: 2,
  equal: 2,
  select: 3,
  cast: 1,
  reduce_sum: 1,
  reduce_max: 1,
  argmax: 1,
  reshape: 1,
  transpose: 1,
  broadcast: 1,
  slice: 1,
  pad: 1,
  concat: 'any',
  gather: 2,
  scatter_add: 2,
  matmul: 2,
  conv2d: 2,
  conv2d_input_grad: 2,
  conv2d_weight_grad: 2,
  max_pool2d: 1,
  max_pool2d_grad: 2,
  sum_pool2d: 1,
  sum_pool2d_grad: 1,
} as const satisfies { readonly [O in OpName]: 0 | 1 | 2 | 3 | 'any' };

/** One T for each operand of a primitive. */
export type Operands<O extends OpName, T> = {
  readonly 0: readonly [];
  readonly 1: readonly [T];
  readonly 2: readonly [T, T];
  readonly 3: readonly [T, T, T];
  readonly any: readonly [T, ...T[]];
}[(typeof arity)[O]];

export interface NodeOf<O extends OpName, D extends Dim = Dim> {
  readonly id: ValueId;
  readonly op: O;
  readonly attrs: Ops[O];
  readonly inputs: Operands<O, ValueId>;
  readonly shape: readonly D[];
  readonly dtype: DType;
  /** Where it comes from, for people: `dense_1`, `loss`, `optimizer`. Never enters a kernel. */
  readonly scope: string;
}
export type Node<D extends Dim = Dim> = { [O in OpName]: NodeOf<O, D> }[OpName];

export interface Output {
  readonly name: string;
  readonly value: ValueId;
}

/** Nodes in topological order; `nodes[i].id === i`. */
export interface Graph<D extends Dim = Dim> {
  readonly nodes: readonly Node<D>[];
  readonly outputs: readonly Output[];
}

/** A graph whose sizes are all known: what `bind` makes and engines run. */
export type BoundGraph = Graph<number>;
export type BoundNode = Node<number>;
export type BoundNodeOf<O extends OpName> = NodeOf<O, number>;

/** The node that makes a value. @throws GraphError */
export function nodeOf<D extends Dim>({ nodes }: Pick<Graph<D>, 'nodes'>, id: ValueId): Node<D> {
  const node = nodes[id];
  if (!node) throw new GraphError(`there is no %${id}`);
  return node;
}

/** Something for the rows and for the columns of an image. */
export const perAxis = <T>(make: (axis: 0 | 1) => T): [rows: T, columns: T] => [make(0), make(1)];

export const bytesOf = (shape: Shape, dtype: DType): number => sizeOf(shape) * (dtype === 'bool' ? 1 : 4);
export const sameShape = (a: Dims, b: Dims): boolean =>
  a.length === b.length && a.every((d, i) => d === b[i]);
