import type { GraphBuilder } from './builder.ts';
import { fixed, fixedShape, isSymbolic } from './dims.ts';
import { GraphError } from './error.ts';
import type { Conv2dAttrs, Node, NodeOf, Operands, OpName, Pool2dAttrs } from './types.ts';

/**
 * Given dy = dL/d(node), appends dL/d(input) for each input; null where no gradient flows (indices,
 * conditions, piecewise-constant operations). In the formulas, y is the node and a, b or x its inputs.
 */
export type GradientRule<O extends OpName> = (
  g: GraphBuilder,
  node: NodeOf<O>,
  inputs: Operands<O, Node>,
  dy: Node,
) => readonly (Node | null)[];

const none = (_g: GraphBuilder, node: { readonly inputs: readonly unknown[] }) => node.inputs.map(() => null);
const convAttrs = ({ strides, padding, dilations }: Conv2dAttrs) => ({ strides, padding, dilations });
const poolAttrs = ({ window, strides, padding }: Pool2dAttrs) => ({ window, strides, padding });

/** Which share of dy the larger operand gets: 1 where a > b, 1/2 where they tie (as PyTorch), else 0. */
const shareOfLarger = (g: GraphBuilder, a: Node, b: Node) => g.add(g.mul(g.sign(g.sub(a, b)), 0.5), 0.5);

/** Every gradient of mlx. Layers, losses and optimizers are compositions and need none of their own. */
export const gradients: { readonly [O in OpName]: GradientRule<O> } = {
  input: none,
  constant: none,
  iota: none,
  random_mask: none,

  neg: (g, _y, _x, dy) => [g.neg(dy)],
  abs: (g, _y, [x], dy) => [g.mul(dy, g.sign(x))], // 0 at 0
  sign: none,
  exp: (g, y, _x, dy) => [g.mul(dy, y)], // e^x = y
  log: (g, _y, [x], dy) => [g.div(dy, x)],
  sqrt: (g, y, _x, dy) => [g.div(g.mul(dy, 0.5), y)], // 1 / (2 sqrt x)
  tanh: (g, y, _x, dy) => [g.mul(dy, g.sub(1, g.square(y)))],
  sigmoid: (g, y, _x, dy) => [g.mul(dy, g.mul(y, g.sub(1, y)))],
  erf: (g, _y, [x], dy) => [g.mul(dy, g.mul(g.exp(g.neg(g.square(x))), 2 / Math.sqrt(Math.PI)))],
  relu: (g, y, _x, dy) => [g.mul(dy, g.step(y))], // 0 at 0; from y, so that x need not be kept
  step: none,

  add: (_g, _y, _ab, dy) => [dy, dy],
  sub: (g, _y, _ab, dy) => [dy, g.neg(dy)],
  mul: (g, _y, [a, b], dy) => [g.mul(dy, b), g.mul(dy, a)],
  div: (g, y, [, b], dy) => {
    const da = g.div(dy, b);
    return [da, g.neg(g.mul(da, y))]; // -dy a / b² = -(dy / b) y
  },
  maximum: (g, _y, [a, b], dy) => [g.mul(dy, shareOfLarger(g, a, b)), g.mul(dy, shareOfLarger(g, b, a))],
  minimum: (g, _y, [a, b], dy) => [g.mul(dy, shareOfLarger(g, b, a)), g.mul(dy, shareOfLarger(g, a, b))],
  greater: none,
  greater_equal: none,
  equal: none,
  select: (g, _y, [condition], dy) => [null, g.select(condition, dy, 0), g.select(condition, 0, dy)],
  cast: (_g, y, [x], dy) => [x.dtype === 'f32' && y.dtype === 'f32' ? dy : null],

  reduce_sum: (g, y, [x], dy) => [g.spread(dy, y.attrs.axes, x.shape)],
  /** Equal maxima share dy equally, as PyTorch's amax. */
  reduce_max: (g, y, [x], dy) => {
    const { axes } = y.attrs;
    const isMax = g.cast(g.equal(x, g.spread(y, axes, x.shape)), 'f32');
    return [g.mul(isMax, g.spread(g.div(dy, g.sum(isMax, axes)), axes, x.shape))];
  },
  argmax: none,

  reshape: (g, _y, [x], dy) => [g.reshape(dy, x.shape)],
  /** The inverse permutation: y's axis i is x's axis p[i]. */
  transpose: (g, { attrs: { permutation } }, _x, dy) => [
    g.transpose(
      dy,
      permutation.map((_, axis) => permutation.indexOf(axis)),
    ),
  ],
  /** What was repeated is summed: the axes that were added in front, and those that grew from 1. */
  broadcast: (g, y, [x], dy) => {
    const added = y.shape.length - x.shape.length;
    const repeated = y.shape.map((_, i) => i).filter((i) => i < added || x.shape[i - added] !== y.shape[i]);
    return [g.reshape(g.sum(dy, repeated), x.shape)];
  },
  /** dy goes back to where it was read, with zeros around and between. */
  slice: (g, y, [x], dy) => {
    const { starts, strides } = y.attrs;
    // Of a symbolic size all was taken, so nothing is missing around it.
    const high = x.shape.map((d, i) =>
      isSymbolic(d) ? 0 : d - 1 - ((starts[i] ?? 0) + (fixed(y.shape[i]) - 1) * (strides[i] ?? 1)),
    );
    return [
      g.pad(
        dy,
        starts,
        high,
        strides.map((s) => s - 1),
      ),
    ];
  },
  pad: (g, y, [x], dy) => {
    const strides = y.attrs.interior.map((zeros) => zeros + 1);
    const limits = x.shape.map((d, i) =>
      isSymbolic(d) ? d : (y.attrs.low[i] ?? 0) + (d - 1) * (strides[i] ?? 1) + 1,
    );
    return [g.slice(dy, y.attrs.low, limits, strides)];
  },
  concat: (g, y, parts, dy) => {
    const { axis } = y.attrs;
    let end = 0;
    return parts.map((part) => {
      const start = end;
      end += fixed(part.shape[axis]);
      return g.slice(
        dy,
        y.shape.map((_, i) => (i === axis ? start : 0)),
        y.shape.map((d, i) => (i === axis ? end : d)),
      );
    });
  },
  gather: (g, _y, [table, index], dy) => [g.scatterAdd(index, dy, fixed(table.shape[0])), null],
  scatter_add: (g, _y, [index], dy) => [null, g.gather(dy, index)],

  /** y = A B: dA = dy Bᵀ, dB = Aᵀ dy; for an operand that is stored transposed, the transpose of that. */
  matmul: (g, { attrs: { transposeA, transposeB } }, [a, b], dy) => [
    transposeA ? g.matmul(b, dy, { a: transposeB, b: true }) : g.matmul(dy, b, { b: !transposeB }),
    transposeB ? g.matmul(dy, a, { a: true, b: transposeA }) : g.matmul(a, dy, { a: !transposeA }),
  ],

  // One trilinear form T(x, w, dy) = Σ x·w·dy over the taps of the convolution; each of the three
  // operations is its derivative by one argument, so they are closed under differentiation.
  conv2d: (g, y, [x, w], dy) => [
    g.op('conv2d_input_grad', [dy, w], { ...convAttrs(y.attrs), input: x.shape }),
    g.op('conv2d_weight_grad', [x, dy], { ...convAttrs(y.attrs), weight: fixedShape(w.shape) }),
  ],
  /** y = T(·, w, e), dy has x's shape. */
  conv2d_input_grad: (g, y, [e, w], dy) => [
    g.conv2d(dy, w, convAttrs(y.attrs)),
    g.op('conv2d_weight_grad', [dy, e], { ...convAttrs(y.attrs), weight: fixedShape(w.shape) }),
  ],
  /** y = T(x, ·, e), dy has w's shape. */
  conv2d_weight_grad: (g, y, [x, e], dy) => [
    g.op('conv2d_input_grad', [e, dy], { ...convAttrs(y.attrs), input: x.shape }),
    g.conv2d(x, dy, convAttrs(y.attrs)),
  ],

  max_pool2d: (g, y, [x], dy) => [g.op('max_pool2d_grad', [x, dy], y.attrs)], // to the first maximum
  max_pool2d_grad: () => {
    // It would read dy at each window's first maximum, which no primitive does.
    throw new GraphError('max_pool2d_grad has no second derivative');
  },
  sum_pool2d: (g, y, [x], dy) => [g.op('sum_pool2d_grad', [dy], { ...poolAttrs(y.attrs), input: x.shape })],
  sum_pool2d_grad: (g, y, _dy, dy) => [g.sumPool2d(dy, poolAttrs(y.attrs))],
};
