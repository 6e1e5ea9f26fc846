import {
  copyNode,
  copyNodes,
  type Graph,
  GraphBuilder,
  liveNodes,
  type Node,
  nodeOf,
  type Pool2dAttrs,
} from '../../../graph/index.ts';

/**
 * Moves relu behind max pooling, where there's less to do. All three hold exactly (the last up to
 * the order of summation), because relu is monotone, and what flows to maxima that aren't positive is 0:
 *
 *     max_pool(relu(x))                            = relu(max_pool(x))
 *     max_pool_grad(relu(x), dy) · step(relu(x))   = max_pool_grad(x, dy · step(max_pool(x)))
 *     sum over all windows of max_pool_grad(x, dy) = sum of dy
 */
export function rewrite(graph: Graph): Graph {
  const g = new GraphBuilder();
  const made = new Map<string, Node>();
  const once = (key: string, make: () => Node): Node => {
    const node = made.get(key) ?? make();
    made.set(key, node);
    return node;
  };
  const source = (node: Node): Node => nodeOf(g, node.inputs[0] ?? -1);
  const pool = (x: Node, { window, strides, padding }: Pool2dAttrs): Node => {
    const attrs = { window, strides, padding };
    return once(`pool ${x.id} ${JSON.stringify(attrs)}`, () => g.maxPool2d(x, attrs));
  };
  const relu = (x: Node): Node => once(`relu ${x.id}`, () => g.relu(x));
  const masked = (grad: Node, mask: Node): Node | undefined => {
    if (grad.op !== 'max_pool2d_grad' || mask.op !== 'step') return undefined;
    const active = source(grad);
    if (active.op !== 'relu' || (source(mask) !== active && source(mask) !== source(active)))
      return undefined;
    const x = source(active);
    const passed = g.mul(nodeOf(g, grad.inputs[1]), g.step(relu(pool(x, grad.attrs))));
    return g.op('max_pool2d_grad', [x, passed], grad.attrs);
  };
  const better = (node: Node, [a, b]: readonly Node[]): Node | undefined => {
    if (!a) return undefined;
    switch (node.op) {
      case 'max_pool2d':
        return a.op === 'relu' ? relu(pool(source(a), node.attrs)) : pool(a, node.attrs);
      case 'mul':
        return b && (masked(a, b) ?? masked(b, a));
      case 'reduce_sum': {
        const { axes } = node.attrs;
        const whole = axes.includes(1) && axes.includes(2);
        return a.op === 'max_pool2d_grad' && whole ? g.sum(nodeOf(g, a.inputs[1]), axes) : undefined;
      }
      default:
        return undefined;
    }
  };
  const copyOf = copyNodes(
    graph.nodes,
    g,
    (node, inputs) => better(node, inputs) ?? copyNode(g, node, inputs),
  );
  for (const { name, value } of graph.outputs) g.output(name, copyOf(value));
  return withoutDead(g.finish());
}

/** Drops nodes that no output needs: they would count as readers. */
function withoutDead(graph: Graph): Graph {
  const g = new GraphBuilder();
  const copyOf = copyNodes(liveNodes(graph), g, (node, inputs) => copyNode(g, node, inputs));
  for (const { name, value } of graph.outputs) g.output(name, copyOf(value));
  return g.finish();
}
