import { type Shape, sizeOf } from '../../base/shape.ts';
import { copyNode, copyNodes, type Graph, GraphBuilder, type Node } from '../../graph/index.ts';
import type { StateSpec } from '../../plan/index.ts';

/**
 * The input and the output that hold all small state tensors of a model; no tensor of a plan has this name.
 */
export const PACK = '/small';
/** Passing a tensor costs some microseconds, whatever its size; copying one of this length costs as much. */
const SMALL = 4096;

export const isSmall = (shape: Shape): boolean => sizeOf(shape) <= SMALL;

/** Where a state tensor lies: in a tensor of its own, or among the small ones. */
export interface Place {
  /** `PACK`, or its own name. */
  readonly port: string;
  readonly offset: number;
  readonly shape: Shape;
}

/** Small tensors, where there are several, lie one after the other in one. */
export function placesOf(state: readonly StateSpec[]): ReadonlyMap<string, Place> {
  const several = state.filter(({ shape }) => isSmall(shape)).length > 1;
  const places = new Map<string, Place>();
  let offset = 0;
  for (const { name, shape } of state) {
    const packed = several && isSmall(shape);
    places.set(name, packed ? { port: PACK, offset, shape } : { port: name, offset: 0, shape });
    if (packed) offset += sizeOf(shape);
  }
  return places;
}

/** Numbers in each port of the state. */
export function portsOf(places: ReadonlyMap<string, Place>): ReadonlyMap<string, Shape> {
  const ports = new Map<string, Shape>();
  for (const { port, offset, shape } of places.values())
    ports.set(port, port === PACK ? [offset + sizeOf(shape)] : shape);
  return ports;
}

/**
 * The graph with its small state tensors joined into one input and one output. Tensors that the graph doesn't
 * replace pass through.
 */
export function packed(graph: Graph, places: ReadonlyMap<string, Place>): Graph {
  const inside = (name: string) => places.get(name)?.port === PACK;
  const reads = graph.nodes.some((n) => n.op === 'input' && inside(n.attrs.name));
  if (!reads && !graph.outputs.some((o) => inside(o.name))) return graph;
  const g = new GraphBuilder();
  const all = g.input(PACK, portsOf(places).get(PACK) ?? []);
  const part = ({ offset, shape }: Place): Node =>
    g.reshape(g.slice(all, [offset], [offset + sizeOf(shape)]), shape);
  const copyOf = copyNodes(graph.nodes, g, (node, inputs) => {
    const place = node.op === 'input' ? places.get(node.attrs.name) : undefined;
    return place?.port === PACK ? part(place) : copyNode(g, node, inputs);
  });
  const next = new Map(graph.outputs.filter((o) => inside(o.name)).map((o) => [o.name, copyOf(o.value)]));
  for (const { name, value } of graph.outputs) if (!inside(name)) g.output(name, copyOf(value));
  if (next.size > 0) {
    const parts = [...places]
      .filter(([, { port }]) => port === PACK)
      .map(([name, place]) => g.reshape(next.get(name) ?? part(place), [sizeOf(place.shape)]));
    g.output(PACK, g.concat(parts, 0));
  }
  return g.finish();
}
