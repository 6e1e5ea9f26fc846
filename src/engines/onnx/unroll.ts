import {
  copyNode,
  copyNodes,
  type Dims,
  fixedShape,
  type Graph,
  GraphBuilder,
  type Node,
  nodeOf,
  type OpName,
} from '../../graph/index.ts';
import { isSmall } from './pack.ts';

/** How the inputs of an unrolled graph are named and laid out. */
export interface Unrolled {
  /** State keeps its name: the first time reads it, the last time's outputs replace it. */
  readonly state: ReadonlySet<string>;
  /** Bound numbers become one input [times] with one for each time. */
  readonly scalars: ReadonlySet<string>;
}

/** Arithmetic that IEEE 754 defines to the bit, alone or in a vector. */
const exact: ReadonlySet<OpName> = new Set(['add', 'sub', 'mul', 'div', 'sqrt', 'neg', 'maximum', 'minimum']);

/**
 * Small data, such as labels, are one input [times, ...shape]. Larger data are one input a time, since
 * stacking would copy them.
 */
export const isStacked = (shape: Dims): boolean => isSmall(fixedShape(shape));

/** The input for data `name` of the given time, from 0. */
export const dataPort = (name: string, time: number): string => `${name}/${time}`;

/**
 * Repeats a training step in one graph. Each repetition reads data of its own and the state that the one
 * before it left: the same operations on the same numbers, without the cost of a call each. Results
 * [...shape] become [times, ...shape]; random masks stand in the order of the repetitions. What follows from
 * bound numbers alone, such as a corrected rate, is computed for all repetitions at once.
 */
export function unroll(graph: Graph, times: number, names: Unrolled): Graph {
  const g = new GraphBuilder();
  const shared = new Map<string, Node>();
  const once = (key: string, make: () => Node): Node => {
    const node = shared.get(key) ?? make();
    shared.set(key, node);
    return node;
  };
  const bound = boundNumbers(g, graph, times, names.scalars);
  const carried = new Map<string, Node>();
  const results = new Map<string, Node[]>();

  const copy = (node: Node, inputs: readonly Node[], time: number): Node => {
    const all = bound.get(node.id);
    if (all) return g.reshape(g.slice(all, [time], [time + 1]), []);
    switch (node.op) {
      case 'input': {
        const { name } = node.attrs;
        const plain = () => g.input(name, node.shape, node.dtype);
        if (names.state.has(name)) return carried.get(name) ?? once(name, plain);
        if (!isStacked(node.shape)) return g.input(dataPort(name, time), node.shape, node.dtype);
        const stacked = once(name, () => g.input(name, [times, ...node.shape], node.dtype));
        const starts = [time, ...node.shape.map(() => 0)];
        return g.reshape(g.slice(stacked, starts, [time + 1, ...node.shape]), node.shape);
      }
      case 'constant':
      case 'iota':
        return once(`leaf ${node.id}`, () => copyNode(g, node, []));
      default:
        return copyNode(g, node, inputs);
    }
  };

  for (let time = 0; time < times; time++) {
    const copyOf = copyNodes(graph.nodes, g, (node, inputs) => copy(node, inputs, time));
    for (const { name, value } of graph.outputs) {
      const node = copyOf(value);
      if (names.state.has(name)) carried.set(name, node);
      else results.set(name, [...(results.get(name) ?? []), g.reshape(node, [1, ...node.shape])]);
    }
  }
  for (const { name } of graph.outputs) g.output(name, carried.get(name) ?? g.concat(results.get(name)!, 0));
  return g.finish();
}

/** Bound numbers and what follows from them alone, by the node that it is in one time: [times] each. */
function boundNumbers(
  g: GraphBuilder,
  graph: Graph,
  times: number,
  scalars: ReadonlySet<string>,
): ReadonlyMap<number, Node> {
  const bound = new Map<number, Node>();
  for (const node of graph.nodes) {
    g.scope = node.scope;
    const inputs = node.inputs.map((id) => nodeOf(graph, id));
    if (node.op === 'input' && scalars.has(node.attrs.name))
      bound.set(node.id, g.input(node.attrs.name, [times], node.dtype));
    const follows =
      exact.has(node.op) &&
      node.shape.length === 0 &&
      inputs.some((n) => bound.has(n.id)) &&
      inputs.every((n) => bound.has(n.id) || n.op === 'constant');
    if (!follows) continue;
    const operands = inputs.map(
      (n) => bound.get(n.id) ?? g.broadcast(g.op('constant', [], n.attrs as never, n), [times]),
    );
    bound.set(node.id, g.op(node.op, operands, node.attrs as never, { shape: [times], dtype: node.dtype }));
  }
  return bound;
}
