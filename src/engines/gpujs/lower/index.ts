import type { Graph, Node, OpName, ValueId } from '../../../graph/index.ts';
import { conv2d, inputGrad, matmul, weightGrad } from './contract.ts';
import type { Dialect } from './dialect.ts';
import { type ElementwiseOp, isElementwise } from './elementwise.ts';
import { isAlias, isFree, isGiven, stored } from './fuse.ts';
import { Builder, type Kernel, type Rule } from './kernel.ts';
import { concat, copy, gather, pad, scatterAdd, slice, transpose } from './movement.ts';
import { argmax, reduceMax, reduceSum } from './reduce.ts';
import { maxPool, maxPoolGrad, sumPool, sumPoolGrad } from './window.ts';

export { type Dialect, dialects } from './dialect.ts';
export { isGiven } from './fuse.ts';
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
  /** Where each output of the graph is: a kernel's value, or one that was handed in. */
  readonly outputs: ReadonlyMap<string, ValueId>;
}

/** Translates a program into kernels: chains of element-wise work fused, all in gather form. */
export function lower(graph: Graph, dialect: Dialect): Lowered {
  const isStored = stored(graph);
  for (;;) {
    const b = new Builder(graph, isStored, dialect);
    for (const node of graph.nodes) if (isStored.has(node.id)) emit(b, node);
    const crowded = b.kernels.find((k) => k.reads.length > dialect.reads);
    if (!crowded) {
      const outputs = new Map(graph.outputs.map(({ name, value }) => [name, value]));
      return { kernels: b.kernels, outputs };
    }
    // It reads more arrays than a kernel may: store the widest of what it computes itself.
    isStored.add(toStore(graph, isStored, crowded.makes));
  }
}

function emit(b: Builder, node: Node): void {
  if (isElementwise(node.op) || isAlias(node) || isFree(node)) copy(b, node.id);
  else (rules[node.op as keyof typeof rules] as Rule<OpName>)(b, node as never);
}

/** The part of a fused expression that reads most arrays, but fewer than the whole. */
function toStore(graph: Graph, isStored: ReadonlySet<ValueId>, root: ValueId): ValueId {
  const reads = (id: ValueId): Set<ValueId> => {
    const node = graph.nodes[id]!;
    if (isFree(node)) return new Set();
    if (id !== root && (isGiven(node) || isStored.has(id))) return new Set([id]);
    return new Set(node.inputs.flatMap((i) => [...reads(i)]));
  };
  const all = reads(root).size;
  let [best, most] = [-1, 1];
  const visit = (id: ValueId): void => {
    const node = graph.nodes[id]!;
    if (id !== root && (isFree(node) || isGiven(node) || isStored.has(id))) return;
    const count = reads(id).size;
    if (id !== root && isElementwise(node.op) && count > most && count < all) [best, most] = [id, count];
    for (const input of node.inputs) visit(input);
  };
  visit(root);
  if (best < 0) throw new Error('internal: an element-wise kernel reads too many arrays and has no parts');
  return best;
}
