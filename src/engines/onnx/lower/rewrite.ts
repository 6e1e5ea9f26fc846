import { type Graph, GraphBuilder, type Node, type Pool2dAttrs } from '../../../graph/index.ts';

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
  const mapped: Node[] = [];
  const made = new Map<string, Node>();
  const once = (key: string, make: () => Node): Node => {
    const node = made.get(key) ?? make();
    made.set(key, node);
    return node;
  };
  const source = (node: Node, index = 0) => g.nodes[node.inputs[index]];
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
    const passed = g.mul(source(grad, 1), g.step(relu(pool(x, grad.attrs))));
    return g.op('max_pool2d_grad', [x, passed], grad.attrs);
  };
  const better = (node: Node, [a, b]: readonly Node[]): Node | undefined => {
    switch (node.op) {
      case 'max_pool2d':
        return a.op === 'relu' ? relu(pool(source(a), node.attrs)) : pool(a, node.attrs);
      case 'mul':
        return masked(a, b) ?? masked(b, a);
      case 'reduce_sum': {
        const { axes } = node.attrs;
        const whole = axes.includes(1) && axes.includes(2);
        return a.op === 'max_pool2d_grad' && whole ? g.sum(source(a, 1), axes) : undefined;
      }
      default:
        return undefined;
    }
  };
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((id) => mapped[id]);
    g.scope = node.scope;
    mapped[node.id] = better(node, inputs) ?? g.op(node.op, inputs, node.attrs as never, node);
  }
  for (const { name, value } of graph.outputs) g.output(name, mapped[value]);
  return withoutDead(g.finish());
}

/** Drops nodes that no output needs: they would count as readers. */
function withoutDead(graph: Graph): Graph {
  const live = new Set(graph.outputs.map((o) => o.value));
  for (const node of [...graph.nodes].reverse()) {
    if (live.has(node.id)) for (const id of node.inputs) live.add(id);
  }
  const g = new GraphBuilder();
  const mapped: Node[] = [];
  for (const node of graph.nodes) {
    if (!live.has(node.id)) continue;
    g.scope = node.scope;
    mapped[node.id] = g.op(
      node.op,
      node.inputs.map((id) => mapped[id]),
      node.attrs as never,
      node,
    );
  }
  for (const { name, value } of graph.outputs) g.output(name, mapped[value]);
  return g.finish();
}
