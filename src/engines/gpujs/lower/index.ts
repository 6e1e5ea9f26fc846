import { invariant } from '../../../errors.ts';
import { type BoundGraph, type BoundNode, nodeOf, type OpName, type ValueId } from '../../../graph/index.ts';
import { conv2d, inputGrad, matmul, weightGrad } from './contract.ts';
import type { Dialect } from './dialect.ts';
import { type ElementwiseOp, isElementwise } from './elementwise.ts';
import { type Fusion, fuse, isAlias } from './fuse.ts';
import { Builder, type Kernel, type Rule } from './kernel.ts';
import { concat, copy, gather, pad, scatterAdd, slice, transpose } from './movement.ts';
import { argmax, reduceMax, reduceSum } from './reduce.ts';
import { maxPool, maxPoolGrad, sumPool, sumPoolGrad } from './window.ts';

export { type Dialect, dialects } from './dialect.ts';
export { isTable } from './fuse.ts';
export type { Kernel } from './kernel.ts';
export { viewOf } from './view.ts';

/** Primitives that always have kernels of their own; all others are expressions. */
type Expression = ElementwiseOp | 'input' | 'constant' | 'iota' | 'random_mask' | 'reshape' | 'broadcast';
const rules: { readonly [O in Exclude<OpName, Expression>]: Rule<O> } = {
  reduce_sum: reduceSum,
  reduce_max: reduceMax,
  argmax,
  transpose,
  slice,
  pad,
  concat,
  gather,
  scatter_add: scatterAdd,
  matmul,
  conv2d,
  conv2d_input_grad: inputGrad,
  conv2d_weight_grad: weightGrad,
  max_pool2d: maxPool,
  max_pool2d_grad: maxPoolGrad,
  sum_pool2d: sumPool,
  sum_pool2d_grad: sumPoolGrad,
};

export interface Lowered {
  /** In an order in which they can run. */
  readonly kernels: readonly Kernel[];
  /** Values that are handed in, with whose numbers they are. */
  readonly given: ReadonlyMap<ValueId, ValueId>;
  /** Where each output of the graph is: a kernel's value, or one that was handed in. */
  readonly outputs: ReadonlyMap<string, ValueId>;
}

/** Translates a program into kernels: chains of element-wise work fused, all in gather form. */
export function lower(graph: BoundGraph, dialect: Dialect): Lowered {
  const fusion = fuse(graph);
  const outputs = new Map(graph.outputs.map(({ name, value }) => [name, fusion.given.get(value) ?? value]));
  for (;;) {
    const b = new Builder(graph, fusion, dialect);
    for (const node of graph.nodes) if (fusion.stored.has(node.id)) emit(b, node);
    const crowded = b.kernels.find((k) => k.reads.length > dialect.reads);
    if (!crowded) return { kernels: b.kernels, given: fusion.given, outputs };
    relieve(graph, fusion, crowded.makes);
  }
}

function emit(b: Builder, node: BoundNode): void {
  const made = nodeOf(b.graph, b.fusion.tails.get(node.id) ?? node.id);
  if (isElementwise(made.op) || isAlias(made) || b.fusion.free.has(made.id)) copy(b, made.id);
  else (rules[made.op as keyof typeof rules] as Rule<OpName>)(b, made as never);
}

/**
 * A kernel reads more arrays than it may: take its element-wise end off it, else store the widest part of it.
 */
function relieve(graph: BoundGraph, fusion: Fusion, root: ValueId): void {
  const sum = fusion.tails.get(root);
  if (sum === undefined) {
    fusion.stored.add(widestPart(graph, fusion, root));
    return;
  }
  fusion.tails.delete(root);
  fusion.stored.add(sum);
}

/** The part of a fused expression that reads most arrays, but fewer than the whole. */
function widestPart(graph: BoundGraph, { given, free, stored }: Fusion, root: ValueId): ValueId {
  const ends = (id: ValueId) => id !== root && (given.has(id) || stored.has(id));
  const reads = (id: ValueId): Set<ValueId> => {
    if (free.has(id)) return new Set();
    if (ends(id)) return new Set([id]);
    return new Set(nodeOf(graph, id).inputs.flatMap((i) => [...reads(i)]));
  };
  const all = reads(root).size;
  let [best, most] = [-1, 1];
  const visit = (id: ValueId): void => {
    if (free.has(id) || ends(id)) return;
    const node = nodeOf(graph, id);
    const count = reads(id).size;
    if (id !== root && isElementwise(node.op) && count > most && count < all) [best, most] = [id, count];
    for (const input of node.inputs) visit(input);
  };
  visit(root);
  invariant(best >= 0, 'an element-wise kernel with too many arrays has parts');
  return best;
}
