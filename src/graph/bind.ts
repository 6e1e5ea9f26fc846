import { boundDim, type Dim, type Dims, isSymbolic } from './dims.ts';
import type { BoundGraph, Graph, Node, Ops } from './types.ts';

/** Whether every size is known. */
export const isBound = (graph: Graph): graph is BoundGraph =>
  graph.nodes.every((n) => !n.shape.some(isSymbolic));

/**
 * The graph with numbers in place of symbolic sizes, which is what an engine runs; the same graph where there
 * are none.
 * @param sizes by name: `{ batch: 32 }`
 * @throws GraphError naming a size that is not among them
 */
export function bind(graph: Graph, sizes: Readonly<Record<string, number>> = {}): BoundGraph {
  if (isBound(graph)) return graph;
  const dim = (d: Dim) => boundDim(d, sizes);
  const dims = (shape: Dims) => shape.map(dim);
  const nodes = graph.nodes.map((node) => ({ ...node, shape: dims(node.shape), attrs: attrsOf(node, dims) }));
  return { nodes, outputs: graph.outputs } as BoundGraph;
}

function attrsOf(node: Node, dims: (shape: Dims) => number[]): Ops[Node['op']] {
  switch (node.op) {
    case 'reshape':
    case 'broadcast':
      return { shape: dims(node.attrs.shape) };
    case 'slice':
      return { ...node.attrs, limits: dims(node.attrs.limits) };
    case 'conv2d_input_grad':
    case 'sum_pool2d_grad':
      return { ...node.attrs, input: dims(node.attrs.input) };
    default:
      return node.attrs;
  }
}
