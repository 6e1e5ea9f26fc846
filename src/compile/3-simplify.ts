import { item } from '../base/item.ts';
import {
  copyNode,
  copyNodes,
  type Dims,
  fixedShape,
  type Graph,
  GraphBuilder,
  liveNodes,
  type Node,
  nodeOf,
  product,
  sameShape,
} from '../graph/index.ts';

/**
 * Removes what doesn't change a value: dead nodes, common subexpressions, identities (x·1, x+0, reshape of
 * reshape, inverse transposes, ...) and arithmetic on scalar constants. Every rewrite gives the same bits
 * (NaN and infinities too), with two exceptions: scalar folding rounds once from float64 as a constant would
 * be, and x + 0 and x - 0 become x, which keeps the sign of a -0.
 */
export function simplify(graph: Graph): Graph {
  const g = new GraphBuilder();
  const made = new Map<string, Node>();
  const copyOf = copyNodes(liveNodes(graph), g, (node, inputs) => {
    const same = identity(node, inputs, g);
    if (same) return same;
    const key = keyOf(node, inputs);
    const copy = made.get(key) ?? copyNode(g, node, inputs);
    made.set(key, copy);
    return copy;
  });
  for (const { name, value } of graph.outputs) g.output(name, copyOf(value));
  const next = g.finish();
  const shorter = next.nodes.length < graph.nodes.length || liveNodes(next).length < next.nodes.length;
  return shorter ? simplify(next) : next;
}

const keyOf = (node: Node, inputs: readonly Node[]): string => {
  const ids = inputs.map((n) => n.id).join(',');
  const attrs = JSON.stringify(node.attrs, (_, v) => {
    if (typeof v === 'number') return exact(v);
    return v instanceof Float32Array || v instanceof Int32Array ? [v.constructor.name, ...v].map(exact) : v;
  });
  return `${node.op}(${ids})${attrs}${node.shape.join('x')}${node.dtype}`;
};

/** JSON has neither -0 nor infinities nor NaN. */
const exact = (value: number | string): string => (Object.is(value, -0) ? '-0' : String(value));

/** The one value that a node repeats over its whole shape, if it's such a constant. */
const splat = (node: Node): number | undefined => {
  if (node.op === 'constant' && node.attrs.data.length === 1) return node.attrs.data[0];
  return undefined;
};

const constantScalar = (g: GraphBuilder, node: Node): number | undefined => {
  let n = node;
  while (n.op === 'broadcast' || n.op === 'reshape') n = nodeOf(g, item(n.inputs, 0));
  return splat(n);
};

const isScalar = (shape: Dims) => product(shape) === 1;

/** An existing node (or a new constant) that has the same value, if there's one. */
function identity(node: Node, inputs: readonly Node[], g: GraphBuilder): Node | undefined {
  const [a, b = a] = inputs;
  if (!a || !b) return undefined;
  switch (node.op) {
    case 'mul':
      if (constantScalar(g, b) === 1) return a;
      if (constantScalar(g, a) === 1) return b;
      return fold(g, node, inputs, (p, q) => p * q);
    case 'div':
      if (constantScalar(g, b) === 1) return a;
      return fold(g, node, inputs, (p, q) => p / q);
    case 'add':
      if (constantScalar(g, b) === 0) return a;
      if (constantScalar(g, a) === 0) return b;
      return fold(g, node, inputs, (p, q) => p + q);
    case 'sub':
      if (constantScalar(g, b) === 0) return a;
      return fold(g, node, inputs, (p, q) => p - q);
    case 'sqrt':
      return fold(g, node, inputs, Math.sqrt);
    case 'neg':
      if (a.op === 'neg') return nodeOf(g, a.inputs[0]);
      return fold(g, node, inputs, (p) => -p);
    case 'relu':
      return a.op === 'relu' ? a : undefined;
    case 'cast':
      return a.dtype === node.dtype ? a : undefined;
    case 'broadcast':
    case 'reshape': {
      if (sameShape(a.shape, node.shape)) return a;
      if (a.op !== node.op) return undefined;
      const inner = nodeOf(g, item(a.inputs, 0));
      if (node.op === 'reshape') return g.reshape(inner, node.shape);
      return undefined;
    }
    case 'transpose': {
      const { permutation } = node.attrs;
      if (permutation.every((p, i) => p === i)) return a;
      if (
        a.op === 'transpose' &&
        permutation.every((p, i) => a.op === 'transpose' && a.attrs.permutation[p] === i)
      )
        return nodeOf(g, a.inputs[0]);
      return undefined;
    }
    default:
      return undefined;
  }
}

/** Computes a scalar (size 1) node of constants in float64. */
function fold(
  g: GraphBuilder,
  node: Node,
  inputs: readonly Node[],
  f: (...v: number[]) => number,
): Node | undefined {
  if (node.dtype !== 'f32' || !isScalar(node.shape)) return undefined;
  const values = inputs.map((n) => constantScalar(g, n));
  if (values.some((v) => v === undefined)) return undefined;
  return g.constant(new Float32Array([f(...(values as number[]))]), fixedShape(node.shape));
}
