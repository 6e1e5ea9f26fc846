import { normal, streamKey } from '../../src/base/random.ts';
import { type Shape, sizeOf } from '../../src/base/shape.ts';
import type { Tensor } from '../../src/engines/engine.ts';
import type { GraphBuilder, Node, OpName } from '../../src/graph/index.ts';

export interface Operand {
  readonly shape: Shape;
  readonly values: Tensor;
}

/** One primitive in a graph of its own. `x` and `y` are handed in as data, every other name is a state. */
export interface Case {
  readonly name: string;
  readonly operands: Readonly<Record<string, Operand>>;
  /** The value to compare, as f32. */
  readonly build: (g: GraphBuilder, operands: Readonly<Record<string, Node>>) => Node;
}

const f32 = (shape: Shape, values: readonly number[]): Operand => ({
  shape,
  values: Float32Array.from(values),
});
const i32 = (shape: Shape, values: readonly number[]): Operand => ({
  shape,
  values: Int32Array.from(values),
});
/** Standard normal values, fixed by the shape and a word. */
function drawn(shape: Shape, word = 'x', f = (v: number) => v): Operand {
  const key = streamKey(11, `${word}/${shape.join('x')}`);
  return f32(
    shape,
    Array.from({ length: sizeOf(shape) }, (_, i) => f(normal(key, i))),
  );
}
/** Small integers: sums of them are exact, and many are equal. */
const whole = (shape: Shape, word = 'x') => drawn(shape, word, (v) => Math.round(2 * v));

const shapes: readonly Shape[] = [[], [7], [3, 5], [2, 3, 1, 4], [33, 17]];
const real = (g: GraphBuilder, value: Node) => g.cast(value, 'f32');

type Unary = (g: GraphBuilder, x: Node) => Node;
type Binary = (g: GraphBuilder, x: Node, y: Node) => Node;
const of1 = (name: string, x: Operand, f: Unary): Case => ({
  name,
  operands: { x },
  build: (g, { x }) => real(g, f(g, x!)),
});
const of2 = (name: string, x: Operand, y: Operand, f: Binary): Case => ({
  name,
  operands: { x, y },
  build: (g, { x, y }) => real(g, f(g, x!, y!)),
});
const withKernel = (name: string, x: Operand, kernel: Operand, f: Binary): Case => ({
  name,
  operands: { x, kernel },
  build: (g, { x, kernel }) => f(g, x!, kernel!),
});

const unary = (f: Unary, special: readonly number[], domain = (v: number) => v): Case[] => [
  ...shapes.map((shape) => of1(`[${shape.join(', ')}]`, drawn(shape, 'x', domain), f)),
  of1('special values', f32([special.length], special), f),
];
const binary = (f: Binary, domain = (v: number) => v): Case[] => [
  ...shapes.map((shape) => of2(`[${shape.join(', ')}]`, drawn(shape), drawn(shape, 'y', domain), f)),
  of2('large and small', f32([4], [3e38, 1e-30, -1e20, 1e-40]), f32([4], [1, 2, -4, 1]), f),
];
const whole2 = (f: Binary): Case => of2('i32', i32([4], [7, -7, 0, 5]), i32([4], [2, 2, 3, 5]), f);
const comparison = (f: Binary): Case[] => [
  of2('f32 with ties', whole([5, 7]), whole([5, 7], 'y'), f),
  of2('zeros of both signs', f32([3], [0, -0, 1e-30]), f32([3], [-0, 0, 0]), f),
  whole2(f),
];

const valid = [
  [0, 0],
  [0, 0],
] as const;
const same = [
  [1, 1],
  [1, 1],
] as const;
const uneven = [
  [2, 1],
  [0, 2],
] as const;

const convolutions = [
  { name: 'valid', strides: [1, 1], padding: valid, dilations: [1, 1], x: [2, 6, 7, 3], w: [3, 3, 3, 4] },
  { name: 'same', strides: [1, 1], padding: same, dilations: [1, 1], x: [2, 6, 6, 4], w: [3, 3, 4, 8] },
  { name: '1x1', strides: [1, 1], padding: valid, dilations: [1, 1], x: [3, 4, 4, 8], w: [1, 1, 8, 16] },
  { name: 'one image', strides: [1, 1], padding: valid, dilations: [1, 1], x: [1, 3, 3, 1], w: [3, 3, 1, 1] },
  { name: 'strided', strides: [2, 2], padding: same, dilations: [1, 1], x: [2, 8, 8, 4], w: [3, 3, 4, 4] },
  { name: 'uneven', strides: [2, 3], padding: uneven, dilations: [1, 1], x: [1, 7, 9, 2], w: [3, 2, 2, 5] },
  { name: 'dilated', strides: [1, 1], padding: same, dilations: [2, 1], x: [2, 7, 6, 2], w: [3, 2, 2, 3] },
  {
    name: 'all at once',
    strides: [2, 1],
    padding: uneven,
    dilations: [1, 2],
    x: [2, 8, 7, 3],
    w: [4, 3, 3, 2],
  },
] as const;
const out = (size: number, k: number, stride: number, [low, high]: readonly [number, number], dilation = 1) =>
  Math.floor((size + low + high - dilation * (k - 1) - 1) / stride) + 1;
const convolved = ({ x, w, strides, padding, dilations }: (typeof convolutions)[number]): Shape => [
  x[0],
  out(x[1], w[0], strides[0], padding[0], dilations[0]),
  out(x[2], w[1], strides[1], padding[1], dilations[1]),
  w[3],
];

const pools = [
  { name: '2x2', window: [2, 2], strides: [2, 2], padding: valid, x: [2, 6, 8, 3] },
  { name: 'rest unread', window: [2, 2], strides: [2, 2], padding: valid, x: [2, 7, 5, 4] },
  { name: 'overlapping', window: [3, 3], strides: [2, 2], padding: valid, x: [1, 9, 9, 2] },
  { name: 'padded', window: [3, 3], strides: [2, 2], padding: same, x: [2, 7, 6, 4] },
  {
    name: 'stride 1',
    window: [2, 3],
    strides: [1, 1],
    padding: [
      [1, 0],
      [1, 1],
    ],
    x: [1, 5, 6, 2],
  },
  { name: 'gaps', window: [2, 1], strides: [3, 2], padding: valid, x: [1, 8, 7, 1] },
] as const;
const pooled = ({ x, window, strides, padding }: (typeof pools)[number]): Shape => [
  x[0],
  out(x[1], window[0], strides[0], padding[0]),
  out(x[2], window[1], strides[1], padding[1]),
  x[3],
];

const axesCases: readonly [Shape, readonly number[]][] = [
  [[7], [0]],
  [[3, 5], [0]],
  [[3, 5], [1]],
  [
    [2, 3, 4, 5],
    [0, 1, 2],
  ],
  [[2, 3, 4], [1]],
  [
    [2, 3, 4],
    [0, 2],
  ],
  [
    [40, 30],
    [0, 1],
  ],
];
const permutations: readonly [Shape, readonly number[]][] = [
  [
    [3, 5],
    [1, 0],
  ],
  [
    [2, 3, 4],
    [2, 0, 1],
  ],
  [
    [2, 3, 4, 5],
    [0, 3, 1, 2],
  ],
  [
    [2, 1, 3],
    [0, 1, 2],
  ],
];

/** At least one case for each primitive: `tsc` lists those that have none. */
export const primitives: { readonly [O in OpName]: readonly Case[] } = {
  input: [
    of1('f32 data', drawn([4, 3]), (g, x) => g.mul(x, 1)),
    of1('i32 data', i32([4], [0, -1, 2147483, 5]), (_, x) => x),
    { name: 'state', operands: { weight: drawn([3, 2]) }, build: (g, { weight }) => g.mul(weight!, 1) },
  ],
  constant: [
    of1('scalar', drawn([3]), (g, x) => g.add(x, 0.1)),
    of1('f32 array', drawn([2, 3]), (g, x) =>
      g.mul(x, g.constant(Float32Array.from([1, -2, 0.3, 4, 5, 6]), [2, 3])),
    ),
    of1('i32 array', i32([3], [4, 5, 6]), (g, x) => g.add(x, g.constant(Int32Array.from([1, -2, 3]), [3]))),
  ],
  iota: [
    of1('first axis', drawn([3, 4]), (g, x) => g.add(x, real(g, g.iota([3, 4], 0)))),
    of1('last axis', drawn([3, 4]), (g, x) => g.add(x, real(g, g.iota([3, 4], 1)))),
    of1('middle axis', drawn([2, 3, 4]), (g, x) => g.add(x, real(g, g.iota([2, 3, 4], 1)))),
  ],
  random_mask: [
    of1('rate 0.5', drawn([5, 7]), (g, x) => g.mul(x, g.randomMask('mask/a', 0.5, [5, 7]))),
    of1('rate 0.1, odd size', drawn([5]), (g, x) => g.mul(x, g.randomMask('mask/b', 0.1, [5]))),
  ],

  neg: unary((g, x) => g.neg(x), [0, 1e30]),
  abs: unary((g, x) => g.abs(x), [0, -0, -1e30]),
  sign: unary((g, x) => g.sign(x), [0, -0, 1e-30, -1e-30, 1e30]),
  exp: unary((g, x) => g.exp(x), [0, -200, 10, -10]),
  log: unary(
    (g, x) => g.log(x),
    [1, 1e-30, 1e30, 1e-10],
    (v) => Math.abs(v) + 0.01,
  ),
  sqrt: unary((g, x) => g.sqrt(x), [0, 1, 1e-30, 1e30], Math.abs),
  tanh: unary((g, x) => g.tanh(x), [0, 1000, -1000, 1e-5]),
  sigmoid: unary((g, x) => g.sigmoid(x), [0, 1000, -1000, 20, -20]),
  erf: unary((g, x) => g.erf(x), [0, 100, -100, 1e-5, 2.5]),
  relu: unary((g, x) => g.relu(x), [0, -0, 1e30, -1e30]),
  step: unary((g, x) => g.step(x), [0, -0, 1e-30, -1e-30, 1e30, -1e30]),

  add: [whole2((g, a, b) => g.add(a, b)), ...binary((g, a, b) => g.add(a, b))],
  sub: [whole2((g, a, b) => g.sub(a, b)), ...binary((g, a, b) => g.sub(a, b))],
  mul: [whole2((g, a, b) => g.mul(a, b)), ...binary((g, a, b) => g.mul(a, b))],
  div: [
    whole2((g, a, b) => g.div(a, b)),
    ...binary(
      (g, a, b) => g.div(a, b),
      (v) => v + Math.sign(v),
    ),
  ],
  maximum: [whole2((g, a, b) => g.maximum(a, b)), ...binary((g, a, b) => g.maximum(a, b))],
  minimum: [whole2((g, a, b) => g.minimum(a, b)), ...binary((g, a, b) => g.minimum(a, b))],
  greater: comparison((g, a, b) => g.greater(a, b)),
  greater_equal: comparison((g, a, b) => g.greaterEqual(a, b)),
  equal: comparison((g, a, b) => g.equal(a, b)),
  select: [
    of2('f32', drawn([4, 5]), drawn([4, 5], 'y'), (g, a, b) => g.select(g.greater(a, b), a, g.mul(b, 2))),
    of2('i32', i32([3], [1, 5, 3]), i32([3], [2, 2, 3]), (g, a, b) => g.select(g.greater(a, b), a, b)),
    of1('never the other branch', f32([3], [0, 1, 4]), (g, x) => g.select(g.greater(x, 0), g.log(x), -1)),
  ],
  cast: [
    of1('f32 to i32 truncates', f32([6], [-1.9, -0.5, 0, 0.5, 1.9, 100000.7]), (g, x) => g.cast(x, 'i32')),
    of1('f32 to bool', f32([4], [-1, 0, 0.5, -0]), (g, x) => g.cast(x, 'bool')),
    of1('i32 to f32', i32([3], [-3, 0, 70000]), (g, x) => g.cast(x, 'f32')),
    of1('i32 to bool', i32([3], [-3, 0, 7]), (g, x) => g.cast(x, 'bool')),
    of1('bool to i32', drawn([5]), (g, x) => g.add(g.cast(g.greater(x, 0), 'i32'), 1)),
  ],

  reduce_sum: axesCases.map(([shape, axes]) =>
    of1(`[${shape.join(', ')}] over [${axes.join(', ')}]`, drawn(shape), (g, x) => g.sum(x, axes)),
  ),
  reduce_max: axesCases.map(([shape, axes]) =>
    of1(
      `[${shape.join(', ')}] over [${axes.join(', ')}]`,
      drawn(shape, 'x', (v) => v - 5), // negative: an engine that starts at 0 fails
      (g, x) => g.max(x, axes),
    ),
  ),
  argmax: [
    of1('last axis', drawn([4, 6]), (g, x) => g.argmax(x, 1)),
    of1('first axis', drawn([4, 6]), (g, x) => g.argmax(x, 0)),
    of1('middle axis', drawn([2, 5, 3]), (g, x) => g.argmax(x, 1)),
    of1('the first of equals', f32([2, 4], [1, 3, 3, 0, 2, 2, 2, 2]), (g, x) => g.argmax(x, 1)),
  ],

  reshape: [
    of1('flatten', drawn([2, 3, 4]), (g, x) => g.reshape(x, [2, 12])),
    of1('to a scalar', drawn([1, 1]), (g, x) => g.reshape(x, [])),
    of1('from a scalar', drawn([]), (g, x) => g.reshape(x, [1, 1, 1])),
    of1('i32', i32([2, 2], [1, 2, 3, 4]), (g, x) => g.reshape(x, [4])),
  ],
  transpose: permutations.map(([shape, permutation]) =>
    of1(`[${shape.join(', ')}] by [${permutation.join(', ')}]`, drawn(shape), (g, x) =>
      g.transpose(x, permutation),
    ),
  ),
  broadcast: [
    of1('a scalar', drawn([]), (g, x) => g.broadcast(x, [2, 3])),
    of1('a row', drawn([3]), (g, x) => g.broadcast(x, [2, 2, 3])),
    of1('a column', drawn([3, 1]), (g, x) => g.broadcast(x, [3, 4])),
    of1('both', drawn([3, 1, 2, 1]), (g, x) => g.broadcast(x, [2, 3, 5, 2, 1])),
    of1('i32', i32([2, 1], [3, 4]), (g, x) => g.broadcast(x, [2, 3])),
  ],
  slice: [
    of1('a range', drawn([5, 6]), (g, x) => g.slice(x, [1, 2], [4, 6])),
    of1('one element', drawn([5, 6]), (g, x) => g.slice(x, [4, 0], [5, 1])),
    of1('strided', drawn([7, 9, 2]), (g, x) => g.slice(x, [1, 0, 0], [7, 8, 2], [2, 3, 1])),
    of1('i32', i32([4], [1, 2, 3, 4]), (g, x) => g.slice(x, [1], [3])),
  ],
  pad: [
    of1('around', drawn([3, 4]), (g, x) => g.pad(x, [1, 0], [2, 3])),
    of1('with a value', drawn([4]), (g, x) => g.pad(x, [2], [1], [0], -1.5)),
    of1('inside', drawn([3, 2]), (g, x) => g.pad(x, [0, 0], [0, 0], [2, 1])),
    of1('inside and around', drawn([2, 3, 2]), (g, x) => g.pad(x, [1, 0, 2], [0, 1, 0], [1, 0, 3], 0.5)),
    of1('inside one element', drawn([1, 2]), (g, x) => g.pad(x, [1, 1], [0, 0], [3, 1])),
    of1('nothing', drawn([2, 2]), (g, x) => g.pad(x, [0, 0], [0, 0])),
  ],
  concat: [
    of2('rows', drawn([2, 3]), drawn([4, 3], 'y'), (g, a, b) => g.concat([a, b], 0)),
    of2('columns, one of them twice', drawn([3, 2]), drawn([3, 1], 'y'), (g, a, b) => g.concat([a, b, a], 1)),
    of1('a single part', drawn([3, 2]), (g, x) => g.concat([x], 1)),
    of2('i32', i32([2], [1, 2]), i32([1], [3]), (g, a, b) => g.concat([a, b], 0)),
  ],
  gather: [
    of2('rows', drawn([5, 3]), i32([4], [4, 0, 4, 2]), (g, t, i) => g.gather(t, i)),
    of2('of a vector', drawn([5]), i32([2, 3], [0, 1, 2, 3, 4, 0]), (g, t, i) => g.gather(t, i)),
    of2('a scalar index', drawn([3, 2, 2]), i32([], [1]), (g, t, i) => g.gather(t, i)),
    {
      name: 'an embedding',
      operands: { x: i32([2, 3], [6, 0, 1, 1, 5, 6]), table: drawn([7, 4]) },
      build: (g, { x, table }) => g.gather(table!, x!),
    },
  ],
  scatter_add: [
    of2('rows, repeated', i32([4], [4, 0, 4, 2]), drawn([4, 3]), (g, i, u) => g.scatterAdd(i, u, 6)),
    of2('into a vector', i32([2, 3], [0, 1, 1, 1, 4, 0]), drawn([2, 3]), (g, i, u) => g.scatterAdd(i, u, 5)),
    of2('a scalar index', i32([], [1]), drawn([2, 2]), (g, i, u) => g.scatterAdd(i, u, 3)),
    of2('all to one row', i32([20], new Array(20).fill(1)), drawn([20, 2]), (g, i, u) =>
      g.scatterAdd(i, u, 2),
    ),
  ],

  matmul: [false, true].flatMap((a) =>
    [false, true].flatMap((b) => {
      const [left, right] = [a ? [6, 5] : [5, 6], b ? [4, 6] : [6, 4]];
      const name = `${a ? 'aᵀ' : 'a'} ${b ? 'bᵀ' : 'b'}`;
      const f: Binary = (g, p, q) => g.matmul(p, q, { a, b });
      return [
        of2(name, drawn(left), drawn(right, 'y'), f),
        of2(`${name}, batched`, drawn([3, ...left]), drawn([3, ...right], 'y'), f),
        of2(`${name}, two batch axes`, drawn([2, 3, ...left]), drawn([2, 3, ...right], 'y'), f),
        withKernel(`${name} with a weight`, drawn(left), drawn(right, 'y'), f),
      ];
    }),
  ),
  conv2d: convolutions.flatMap(({ name, x, w, ...attrs }) => [
    of2(name, drawn(x), drawn(w, 'w'), (g, p, q) => g.conv2d(p, q, attrs)),
    withKernel(`${name}, the kernel a weight`, drawn(x), drawn(w, 'w'), (g, p, q) => g.conv2d(p, q, attrs)),
  ]),
  conv2d_input_grad: convolutions.map((c) => {
    const { name, x, w, strides, padding, dilations } = c;
    return withKernel(name, drawn(convolved(c), 'dy'), drawn(w, 'w'), (g, dy, k) =>
      g.op('conv2d_input_grad', [dy, k], { strides, padding, dilations, input: x }),
    );
  }),
  conv2d_weight_grad: convolutions.map((c) => {
    const { name, x, w, strides, padding, dilations } = c;
    return of2(name, drawn(x), drawn(convolved(c), 'dy'), (g, p, dy) =>
      g.op('conv2d_weight_grad', [p, dy], { strides, padding, dilations, weight: w }),
    );
  }),

  max_pool2d: pools.map(
    ({ name, x, ...attrs }) =>
      of1(
        name,
        drawn(x, 'x', (v) => v - 5),
        (g, p) => g.maxPool2d(p, attrs),
      ), // padding never wins
  ),
  max_pool2d_grad: pools.flatMap((pool) => {
    const { name, x, ...attrs } = pool;
    const f: Binary = (g, p, dy) => g.op('max_pool2d_grad', [p, dy], attrs);
    return [
      of2(name, drawn(x), drawn(pooled(pool), 'dy'), f),
      of2(`${name}, ties`, whole(x), drawn(pooled(pool), 'dy'), f),
      of2(`${name}, all equal`, f32(x, new Array(sizeOf(x)).fill(0)), drawn(pooled(pool), 'dy'), f),
      of2(`${name}, ties below zero`, f32(x, new Array(sizeOf(x)).fill(-3)), drawn(pooled(pool), 'dy'), f),
    ];
  }),
  sum_pool2d: pools.map(({ name, x, ...attrs }) => of1(name, drawn(x), (g, p) => g.sumPool2d(p, attrs))) as [
    Case,
    ...Case[],
  ],
  sum_pool2d_grad: pools.map((pool) => {
    const { name, x, ...attrs } = pool;
    return of1(name, drawn(pooled(pool), 'dy'), (g, dy) =>
      g.op('sum_pool2d_grad', [dy], { ...attrs, input: x }),
    );
  }),
};
