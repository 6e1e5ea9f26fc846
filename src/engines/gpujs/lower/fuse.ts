import { type Graph, type Node, type NodeOf, sizeOf, type ValueId } from '../../../graph/index.ts';
import { isElementwise } from './elementwise.ts';

/** Movement that is only another way to count: it costs nothing inside a kernel. */
export const isAlias = (node: Node): node is NodeOf<'reshape' | 'broadcast'> =>
  node.op === 'reshape' || node.op === 'broadcast';
/** Never stored: made where it is read. */
export const isFree = (node: Node): boolean =>
  node.op === 'iota' ||
  (node.op === 'constant' && sizeOf(node.shape) === 1 && Number.isFinite(node.attrs.data[0]!));
/** Handed in from outside: tensors of the state, batches, masks, tables of constants. */
export const isGiven = (node: Node): boolean =>
  node.op === 'input' || node.op === 'random_mask' || (node.op === 'constant' && !isFree(node));

/** Readers that take each element of an operand once, so that its expression can be written into theirs. */
const readsOnce = (node: Node): boolean =>
  isElementwise(node.op) || node.op === 'reduce_sum' || node.op === 'reduce_max' || node.op === 'argmax';

/**
 * Which values get a kernel of their own. All others are written into the expression of their only reader:
 * chains of element-wise work become one kernel, and so does what feeds a reduction.
 */
export function stored(graph: Graph): Set<ValueId> {
  const readers: Node[][] = graph.nodes.map(() => []);
  for (const node of graph.nodes) for (const id of new Set(node.inputs)) readers[id]!.push(node);
  const outputs = new Set(graph.outputs.map((o) => o.value));
  const result = new Set<ValueId>();
  for (const node of graph.nodes) {
    if (isFree(node) || isGiven(node)) {
      if (isFree(node) && outputs.has(node.id)) result.add(node.id);
      continue;
    }
    if (isAlias(node)) {
      if (outputs.has(node.id)) result.add(node.id);
      continue;
    }
    if (outputs.has(node.id) || !isElementwise(node.op) || !absorbed(node, readers)) result.add(node.id);
  }
  // What a contraction, a window or a movement reads over and over is worth being stored as it is read.
  for (const node of graph.nodes) {
    if (isFree(node) || isGiven(node) || isAlias(node) || readsOnce(node)) continue;
    for (const id of node.inputs) {
      const operand = graph.nodes[id]!;
      if (!isGiven(operand)) result.add(id);
    }
  }
  return result;
}

/** Whether a value's expression goes into its readers': one reader, that takes each element once, through aliases at most. */
function absorbed(node: Node, readers: readonly Node[][]): boolean {
  const through = readers[node.id]!;
  if (through.length !== 1) return false;
  const reader = through[0]!;
  if (isAlias(reader)) return sizeOf(reader.shape) === sizeOf(node.shape) && absorbed(reader, readers);
  return readsOnce(reader);
}
