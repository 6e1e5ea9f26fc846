import { item } from '../../../base/item.ts';
import { sizeOf } from '../../../base/shape.ts';
import {
  type BoundGraph,
  type BoundNode,
  type BoundNodeOf,
  nodeOf,
  type OpName,
  sameShape,
  type ValueId,
} from '../../../graph/index.ts';
import { isElementwise } from './elementwise.ts';

/** How a program's values come about: handed in, made where they are read, or stored by a kernel. */
export interface Fusion {
  /**
   * Handed in from outside, with where they really are: a reshaped batch is the same numbers, counted
   * otherwise.
   */
  readonly given: ReadonlyMap<ValueId, ValueId>;
  /** Made of literals and counters alone: never stored. */
  readonly free: ReadonlySet<ValueId>;
  /** Get a kernel of their own. All others are written into the expressions of their readers. */
  readonly stored: Set<ValueId>;
  /**
   * Sums of products and reductions that a kernel ends with element-wise work on: that work's last value, to
   * the sum.
   */
  readonly tails: Map<ValueId, ValueId>;
}

/** Movement that is only another way to count: it costs nothing inside a kernel. */
export const isAlias = (node: BoundNode): node is BoundNodeOf<'reshape' | 'broadcast'> =>
  node.op === 'reshape' || node.op === 'broadcast';

/** A constant that is an array. */
export const isTable = (node: BoundNode): node is BoundNodeOf<'constant'> =>
  node.op === 'constant' && !(sizeOf(node.shape) === 1 && Number.isFinite(item(node.attrs.data, 0)));

const isReduction = (op: OpName) => op === 'reduce_sum' || op === 'reduce_max' || op === 'argmax';
/** Readers that take each element of an operand once, so that its expression can be written into theirs. */
const readsOnce = (node: BoundNode): boolean => isElementwise(node.op) || isReduction(node.op);
const ENDS: ReadonlySet<OpName> = new Set([
  'matmul',
  'conv2d',
  'conv2d_input_grad',
  'conv2d_weight_grad',
  'reduce_sum',
  'reduce_max',
  'argmax',
]);
/** Worth storing rather than computing twice. */
const DEAR: ReadonlySet<OpName> = new Set(['exp', 'log', 'sqrt', 'tanh', 'sigmoid', 'erf', 'div']);
/** An expression this short is computed by each of its readers. */
const SHORT = { operations: 3, reads: 2 };

/** Decides which values get kernels; chains of element-wise work become one. */
export function fuse(graph: BoundGraph): Fusion {
  const readers: BoundNode[][] = graph.nodes.map(() => []);
  for (const node of graph.nodes) for (const id of new Set(node.inputs)) item(readers, id).push(node);
  const outputs = new Set(graph.outputs.map((o) => o.value));
  const given = new Map<ValueId, ValueId>();
  const free = new Set<ValueId>();
  for (const { id, op, inputs, ...node } of graph.nodes) {
    const source = given.get(inputs[0] ?? -1);
    if (op === 'input' || op === 'random_mask' || isTable({ id, op, inputs, ...node } as BoundNode))
      given.set(id, id);
    else if (op === 'reshape' && source !== undefined && nodeOf(graph, source).op !== 'constant')
      given.set(id, source);
    else if (op === 'constant' || op === 'iota') free.add(id);
    else if (
      (isElementwise(op) || op === 'reshape' || op === 'broadcast') &&
      inputs.every((i) => free.has(i))
    )
      free.add(id);
  }
  const stored = new Set<ValueId>();
  for (const node of graph.nodes) {
    if (given.has(node.id)) continue;
    if (outputs.has(node.id)) stored.add(node.id);
    else if (free.has(node.id) || isAlias(node)) continue;
    else if (!isElementwise(node.op) || !absorbed(node, readers)) stored.add(node.id);
  }
  // What a contraction, a window or a movement reads over and over is worth being stored as it is read.
  for (const node of graph.nodes) {
    if (isAlias(node) || readsOnce(node)) continue;
    for (const id of node.inputs) if (!given.has(id)) stored.add(id);
  }
  const fusion = { given, free, stored, tails: new Map<ValueId, ValueId>() };
  shorten(graph, readers, outputs, fusion);
  addTails(graph, readers, outputs, fusion);
  return fusion;
}

/**
 * Whether a value's expression goes into its reader's: one reader, that takes each element once, through
 * aliases at most.
 */
function absorbed(node: BoundNode, readers: readonly BoundNode[][]): boolean {
  const through = item(readers, node.id);
  if (through.length !== 1) return false;
  const reader = item(through, 0);
  if (isAlias(reader)) return sizeOf(reader.shape) === sizeOf(node.shape) && absorbed(reader, readers);
  return readsOnce(reader);
}

/** Short expressions that several element-wise kernels read need no kernel: each reader computes them. */
function shorten(
  graph: BoundGraph,
  readers: readonly BoundNode[][],
  outputs: ReadonlySet<ValueId>,
  fusion: Fusion,
): void {
  const { given, free, stored } = fusion;
  const onlyOnce = (node: BoundNode): boolean =>
    item(readers, node.id).every((r) =>
      isAlias(r) ? sizeOf(r.shape) === sizeOf(node.shape) && onlyOnce(r) : readsOnce(r),
    );
  for (const node of graph.nodes) {
    if (!stored.has(node.id) || outputs.has(node.id) || !isElementwise(node.op) || !onlyOnce(node)) continue;
    let operations = 0;
    let dear = false;
    const reads = new Set<ValueId>();
    const visit = (id: ValueId): void => {
      if (free.has(id)) return;
      if (given.has(id) || (id !== node.id && stored.has(id))) {
        reads.add(id);
        return;
      }
      const part = nodeOf(graph, id);
      if (isElementwise(part.op)) operations++;
      if (DEAR.has(part.op)) dear = true;
      part.inputs.forEach(visit);
    };
    visit(node.id);
    if (!dear && operations <= SHORT.operations && reads.size <= SHORT.reads) stored.delete(node.id);
  }
}

/**
 * A sum whose only reader is element-wise work of the same shape is made by the same kernel: bias,
 * activation, update.
 */
function addTails(
  graph: BoundGraph,
  readers: readonly BoundNode[][],
  outputs: ReadonlySet<ValueId>,
  { stored, tails }: Fusion,
): void {
  for (const node of graph.nodes) {
    if (!ENDS.has(node.op) || outputs.has(node.id)) continue;
    let last: BoundNode = node;
    while (last === node || !stored.has(last.id)) {
      const [reader, ...others] = item(readers, last.id);
      if (!reader || others.length > 0 || !isElementwise(reader.op) || !sameShape(reader.shape, node.shape))
        break;
      last = reader;
    }
    if (last === node || tails.has(last.id)) continue;
    stored.delete(node.id);
    stored.add(last.id);
    tails.set(last.id, node.id);
  }
}
