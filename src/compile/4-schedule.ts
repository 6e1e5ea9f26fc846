import { item } from '../base/item.ts';
import { sizeOf } from '../base/shape.ts';
import { type BoundGraph, type BoundNode, bytesOf, nodeOf, type OpName } from '../graph/index.ts';
import type { Buffer, Step } from '../plan/index.ts';

type Kind = Step['kind'];

/** How each primitive is carried out; chains of `elementwise` become one step. */
// biome-ignore format: a table
const kinds: { readonly [O in OpName]: Kind } = {
  input: 'leaf', constant: 'leaf', iota: 'leaf', random_mask: 'leaf',
  neg: 'elementwise', abs: 'elementwise', sign: 'elementwise', exp: 'elementwise', log: 'elementwise',
  sqrt: 'elementwise', tanh: 'elementwise', sigmoid: 'elementwise', erf: 'elementwise', relu: 'elementwise',
  step: 'elementwise', add: 'elementwise', sub: 'elementwise', mul: 'elementwise', div: 'elementwise',
  maximum: 'elementwise', minimum: 'elementwise', greater: 'elementwise', greater_equal: 'elementwise',
  equal: 'elementwise', select: 'elementwise', cast: 'elementwise',
  reduce_sum: 'reduce', reduce_max: 'reduce', argmax: 'reduce',
  reshape: 'move', transpose: 'move', broadcast: 'move', slice: 'move', pad: 'move', concat: 'move',
  gather: 'move', scatter_add: 'move',
  matmul: 'contract', conv2d: 'contract', conv2d_input_grad: 'contract', conv2d_weight_grad: 'contract',
  max_pool2d: 'window', max_pool2d_grad: 'window', sum_pool2d: 'window', sum_pool2d_grad: 'window',
};

/** Multiplications and additions of one node; a multiply-add counts as two. */
export function flopsOf(graph: BoundGraph, node: BoundNode): number {
  const input = (i: number) => nodeOf(graph, item(node.inputs, i));
  switch (node.op) {
    case 'matmul': {
      const k = input(0).shape.at(node.attrs.transposeA ? -2 : -1)!;
      return 2 * sizeOf(node.shape) * k;
    }
    case 'conv2d': {
      const [kh, kw, ci] = input(1).shape as [number, number, number];
      return 2 * sizeOf(node.shape) * kh * kw * ci;
    }
    case 'conv2d_input_grad': {
      const [kh, kw, ci] = input(1).shape as [number, number, number];
      return 2 * sizeOf(input(0).shape) * kh * kw * ci;
    }
    case 'conv2d_weight_grad': {
      const [kh, kw, ci] = node.shape as [number, number, number];
      return 2 * sizeOf(input(1).shape) * kh * kw * ci;
    }
    case 'max_pool2d':
    case 'sum_pool2d':
      return sizeOf(node.shape) * node.attrs.window[0] * node.attrs.window[1];
    default:
      return kinds[node.op] === 'elementwise' || kinds[node.op] === 'reduce'
        ? Math.max(sizeOf(node.shape), ...node.inputs.map((id) => sizeOf(nodeOf(graph, id).shape)))
        : 0;
  }
}

/**
 * Groups the nodes into steps. Leaves need none; an element-wise node joins the step of its only reader of
 * the same size. A buffer is reused once its last reader has run (linear scan).
 */
export function schedule(graph: BoundGraph): { steps: Step[]; buffers: Buffer[] } {
  const readers = countReaders(graph);
  const group = graph.nodes.map((n) => n.id); // representative: the last node of the step
  for (const node of [...graph.nodes].reverse()) {
    // A broadcast costs nothing inside an element-wise kernel: it's an index.
    if (kinds[node.op] !== 'elementwise' && node.op !== 'broadcast') continue;
    const only = item(readers, node.id);
    if (only.length !== 1 || only[0] === OUTSIDE) continue;
    const reader = nodeOf(graph, item(only, 0));
    if (kinds[reader.op] === 'elementwise' && sizeOf(reader.shape) === sizeOf(node.shape))
      group[node.id] = item(group, reader.id);
  }
  const members = new Map<number, BoundNode[]>();
  for (const node of graph.nodes) {
    if (kinds[node.op] === 'leaf') continue;
    const list = members.get(item(group, node.id)) ?? [];
    list.push(node);
    members.set(item(group, node.id), list);
  }
  const order = [...members.entries()].sort(([a], [b]) => a - b);
  const drafts = order.map(([last, nodes]) => {
    const inside = new Set(nodes.map((n) => n.id));
    const reads = [...new Set(nodes.flatMap((n) => n.inputs.filter((id) => !inside.has(id))))];
    const flops = nodes.reduce((sum, n) => sum + flopsOf(graph, n), 0);
    return { last: nodeOf(graph, last), nodes: nodes.map((n) => n.id), reads, flops };
  });
  const { assigned, buffers } = assignBuffers(graph, drafts);
  const steps = drafts.map((d, i) => ({
    kind: kinds[d.last.op],
    nodes: d.nodes,
    reads: d.reads,
    buffer: item(assigned, i),
    flops: d.flops,
  }));
  return { steps, buffers };
}

/** The reader of a graph's outputs. */
const OUTSIDE = -1;

/** Readers of each value; a graph's output counts as a reader that no step can absorb. */
function countReaders(graph: BoundGraph): number[][] {
  const readers: number[][] = graph.nodes.map(() => []);
  for (const node of graph.nodes) for (const id of new Set(node.inputs)) item(readers, id).push(node.id);
  for (const { value } of graph.outputs) item(readers, value).push(OUTSIDE);
  return readers;
}

function assignBuffers(graph: BoundGraph, steps: readonly { last: BoundNode; reads: readonly number[] }[]) {
  const lastUse = new Map<number, number>();
  steps.forEach((step, i) => {
    for (const id of step.reads) lastUse.set(id, i);
  });
  for (const { value } of graph.outputs) lastUse.set(value, Number.POSITIVE_INFINITY);
  const buffers: { id: number; bytes: number }[] = [];
  const free: number[] = [];
  const holder = new Map<number, number>();
  const assigned = steps.map((step, i) => {
    const bytes = bytesOf(step.last.shape, step.last.dtype);
    // The smallest free buffer that is large enough, else a new one.
    let best = -1;
    for (const id of free) {
      const size = item(buffers, id).bytes;
      if (size >= bytes && size <= 4 * bytes + 4096 && (best < 0 || size < item(buffers, best).bytes))
        best = id;
    }
    if (best < 0) {
      best = buffers.length;
      buffers.push({ id: best, bytes });
    } else free.splice(free.indexOf(best), 1);
    holder.set(step.last.id, best);
    for (const id of step.reads) {
      const held = holder.get(id);
      if (held !== undefined && lastUse.get(id) === i) free.push(held);
    }
    return best;
  });
  return { assigned, buffers: buffers as Buffer[] };
}
