import type { GraphBuilder } from './builder.ts';
import { GraphError } from './error.ts';
import type { Graph, Node, ValueId } from './types.ts';

/** The same operation on other operands. */
export const copyNode = (g: GraphBuilder, node: Node, inputs: readonly Node[]): Node =>
  g.op(node.op, inputs, node.attrs as never, node);

/**
 * Appends nodes to another graph, in order and in their scopes. `make` gives what takes a node's place, from
 * what took the places of its operands.
 *
 * @returns what took the place of a node. @throws GraphError when that node was not among `nodes`
 */
export function copyNodes(
  nodes: readonly Node[],
  g: GraphBuilder,
  make: (node: Node, inputs: readonly Node[]) => Node,
): (id: ValueId) => Node {
  const copies: (Node | undefined)[] = [];
  const copyOf = (id: ValueId): Node => {
    const copy = copies[id];
    if (!copy) throw new GraphError(`%${id} was not copied`);
    return copy;
  };
  for (const node of nodes) {
    const inputs = node.inputs.map(copyOf);
    g.scope = node.scope;
    copies[node.id] = make(node, inputs);
  }
  g.scope = '';
  return copyOf;
}

/** The nodes that an output needs. */
export function liveNodes({ nodes, outputs }: Graph): Node[] {
  const live = new Set(outputs.map((o) => o.value));
  for (const node of [...nodes].reverse()) {
    if (live.has(node.id)) for (const id of node.inputs) live.add(id);
  }
  return nodes.filter((node) => live.has(node.id));
}
