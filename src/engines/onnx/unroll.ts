import { type Graph, GraphBuilder, type Node } from '../../graph/index.ts';

/** How the inputs of an unrolled graph are named and laid out. */
export interface Unrolled {
  /** State keeps its name: the first time reads it, the last time's outputs replace it. */
  readonly state: ReadonlySet<string>;
  /** Bound numbers become one input [times] with one for each time. */
  readonly scalars: ReadonlySet<string>;
}

/** The input for data `name` of the given time, from 0. */
export const dataPort = (name: string, time: number): string => `${name}/${time}`;

/**
 * A training step `times` times in a row as one graph, each time on data of its own and on the state that the time
 * before left: the same operations on the same numbers, without the cost of a call each time. Results [...shape] become [times, ...shape]. Random
 * masks stand in the order of the times.
 */
export function unroll(graph: Graph, times: number, names: Unrolled): Graph {
  const g = new GraphBuilder();
  const shared = new Map<string, Node>();
  const once = (key: string, make: () => Node): Node => {
    const node = shared.get(key) ?? make();
    shared.set(key, node);
    return node;
  };
  const carried = new Map<string, Node>();
  const results = new Map<string, Node[]>();

  const copy = (node: Node, inputs: readonly Node[], time: number): Node => {
    g.scope = node.scope;
    switch (node.op) {
      case 'input': {
        const { name } = node.attrs;
        const plain = () => g.input(name, node.shape, node.dtype);
        if (names.state.has(name)) return carried.get(name) ?? once(name, plain);
        if (!names.scalars.has(name)) return g.input(dataPort(name, time), node.shape, node.dtype);
        const all = once(name, () => g.input(name, [times, ...node.shape], node.dtype));
        const [starts, limits] = [time, time + 1].map((at) => [at, ...node.shape.map(() => 0)]);
        return g.reshape(g.slice(all, starts, limits), node.shape);
      }
      case 'constant':
      case 'iota':
        return once(`leaf ${node.id}`, () => g.op(node.op, [], node.attrs as never, node));
      default:
        return g.op(node.op, inputs, node.attrs as never, node);
    }
  };

  for (let time = 0; time < times; time++) {
    const made: Node[] = [];
    for (const node of graph.nodes)
      made[node.id] = copy(
        node,
        node.inputs.map((id) => made[id]),
        time,
      );
    for (const { name, value } of graph.outputs) {
      const node = made[value];
      if (names.state.has(name)) carried.set(name, node);
      else results.set(name, [...(results.get(name) ?? []), g.reshape(node, [1, ...node.shape])]);
    }
  }
  for (const { name } of graph.outputs) g.output(name, carried.get(name) ?? g.concat(results.get(name)!, 0));
  return g.finish();
}
