import { item } from '../base/item.ts';
import type { GraphBuilder } from './builder.ts';
import { GraphError } from './error.ts';
import { type GradientRule, gradients } from './gradients.ts';
import { type Node, nodeOf, type OpName, type ValueId } from './types.ts';

/**
 * Appends dloss/dw for each w of `wrt` by reverse-mode differentiation, and returns those nodes in
 * the order of `wrt`; each has w's shape. Zeros where the loss doesn't depend on w. Nodes are scoped
 * `grad/<scope of the forward node>`. Rules may append values that nobody reads: simplification
 * drops them.
 *
 * @param loss f32 of shape `[]`
 * @throws GraphError when the loss is no f32 scalar, a w is not f32, or a node has no derivative.
 */
export function differentiate(g: GraphBuilder, loss: Node, wrt: readonly Node[]): Node[] {
  if (loss.dtype !== 'f32' || loss.shape.length > 0) {
    throw new GraphError(`differentiates a scalar, found ${loss.dtype}[${loss.shape.join(', ')}]`);
  }
  for (const w of wrt) {
    if (w.dtype !== 'f32') throw new GraphError(`differentiates by f32 values, %${w.id} is ${w.dtype}`);
  }
  const outerScope = g.scope;
  const within = (node: Node) => {
    g.scope = node.scope === '' ? 'grad' : `grad/${node.scope}`;
  };
  const forward = g.nodes.slice(0, loss.id + 1);
  const active = dependents(forward, wrt, g.held);
  const flows = new Map<ValueId, Node>(); // dloss/dnode, as far as it is summed up

  within(loss);
  if (active.has(loss.id)) flows.set(loss.id, g.scalar(1));
  // Users come after what they use, so that a node's gradient is complete when its turn comes.
  for (const node of forward.reverse()) {
    const dy = flows.get(node.id);
    const inputs = node.inputs.map((id) => nodeOf(g, id));
    if (!dy || !inputs.some((input) => active.has(input.id))) continue;
    within(node);
    const rule = gradients[node.op] as GradientRule<OpName>;
    rule(g, node as Parameters<typeof rule>[1], inputs as never, dy).forEach((flow, i) => {
      const input = item(inputs, i);
      if (!flow || !active.has(input.id)) return;
      const sofar = flows.get(input.id);
      flows.set(input.id, sofar ? g.add(sofar, flow) : flow);
    });
  }
  const result = wrt.map((w) => {
    within(w);
    return flows.get(w.id) ?? g.broadcast(g.scalar(0), w.shape);
  });
  g.scope = outerScope;
  return result;
}

/** The f32 nodes that depend on one of `wrt`, itself included; held ones count as constants. */
function dependents(
  nodes: readonly Node[],
  wrt: readonly Node[],
  held: ReadonlySet<ValueId>,
): ReadonlySet<ValueId> {
  const found = new Set(wrt.map((w) => w.id));
  for (const node of nodes) {
    if (node.dtype !== 'f32' || held.has(node.id)) continue;
    if (node.inputs.some((id) => found.has(id))) found.add(node.id);
  }
  return found;
}
