import { describe, expect, test } from 'vitest';
import { evaluateGraph } from '../../src/engines/reference/index.ts';
import {
  GraphBuilder as Builder,
  differentiate,
  fixedShape,
  type GraphBuilder,
  type Node,
} from '../../src/graph/index.ts';
import { type Build, checkGradients, draw, type Operand } from './finite-differences.ts';

const of = (...shape: number[]): Operand => ({ shape });
const positive = (...shape: number[]): Operand => ({
  shape,
  values: draw(
    'positive',
    shape.reduce((a, b) => a * b, 1),
  ).map((v) => Math.abs(v) + 0.3),
});
type Case = readonly [name: string, operands: readonly Operand[], build: Build];

const unary = (name: string, f: (g: GraphBuilder, x: Node) => Node, operand = of(2, 5)): Case => [
  name,
  [operand],
  (g, [x]) => f(g, x!),
];
const binary = (
  name: string,
  f: (g: GraphBuilder, a: Node, b: Node) => Node,
  a: Operand,
  b: Operand,
): Case => [name, [a, b], (g, [p, q]) => f(g, p!, q!)];

const elementwise: Case[] = [
  unary('neg', (g, x) => g.neg(x)),
  unary('abs', (g, x) => g.abs(x)),
  unary('exp', (g, x) => g.exp(x)),
  unary('log', (g, x) => g.log(x), positive(2, 5)),
  unary('sqrt', (g, x) => g.sqrt(x), positive(2, 5)),
  unary('tanh', (g, x) => g.tanh(x)),
  unary('sigmoid', (g, x) => g.sigmoid(x)),
  unary('erf', (g, x) => g.erf(x)),
  unary('relu', (g, x) => g.relu(x)),
  unary('sign and step stop the gradient', (g, x) => g.add(g.mul(g.sign(x), x), g.step(x))),
  unary('a value used three times', (g, x) => g.mul(g.mul(x, x), g.add(x, 2))),
  unary('cast to f32', (g, x) => g.mul(g.cast(g.greater(x, 0), 'f32'), g.op('cast', [x], { to: 'f32' }))),
  binary('add', (g, a, b) => g.add(a, b), of(2, 3), of(2, 3)),
  binary('sub', (g, a, b) => g.sub(a, b), of(2, 3), of(2, 3)),
  binary('mul', (g, a, b) => g.mul(a, b), of(2, 3), of(2, 3)),
  binary('div', (g, a, b) => g.div(a, b), of(2, 3), positive(2, 3)),
  binary('maximum', (g, a, b) => g.maximum(a, b), of(2, 3), of(2, 3)),
  binary('minimum', (g, a, b) => g.minimum(a, b), of(2, 3), of(2, 3)),
  binary('select', (g, a, b) => g.select(g.greater(a, b), a, g.square(b)), of(2, 3), of(2, 3)),
  binary('broadcast a row', (g, a, b) => g.mul(a, b), of(3, 4), of(4)),
  binary('broadcast a column', (g, a, b) => g.mul(a, b), of(3, 4), of(3, 1)),
  binary('broadcast both ways', (g, a, b) => g.mul(a, b), of(2, 1, 3), of(4, 1)),
  binary('broadcast a scalar', (g, a, b) => g.mul(a, b), of(2, 3), of()),
];

const movement: Case[] = [
  unary('reshape', (g, x) => g.reshape(x, [5, 2])),
  unary('transpose', (g, x) => g.transpose(x, [2, 0, 1]), of(2, 3, 4)),
  unary('broadcast that keeps a 1', (g, x) => g.broadcast(x, [2, 3, 1, 4]), of(3, 1, 1)),
  unary('slice', (g, x) => g.slice(x, [1, 0], [3, 4]), of(4, 5)),
  unary('slice with strides that end early', (g, x) => g.slice(x, [1, 0], [7, 8], [3, 2]), of(7, 9)),
  unary('pad', (g, x) => g.pad(x, [1, 0], [2, 3], [0, 0], 0.5), of(2, 3)),
  unary('pad inside', (g, x) => g.pad(x, [1, 0], [0, 2], [2, 1]), of(3, 2)),
  binary('concat', (g, a, b) => g.concat([a, b, a], 1), of(2, 2, 2), of(2, 3, 2)),
  unary(
    'gather with repeats',
    (g, x) => g.gather(x, g.constant(new Int32Array([2, 0, 2, 1]), [2, 2])),
    of(3, 2),
  ),
  unary(
    'scatter_add with repeats',
    (g, x) => g.scatterAdd(g.constant(new Int32Array([2, 0, 2, 4]), [2, 2]), x, 5),
    of(2, 2, 3),
  ),
];

const reductions: Case[] = [
  unary('reduce_sum of all', (g, x) => g.square(g.sum(x))),
  unary('reduce_sum of the middle', (g, x) => g.sum(x, [1]), of(2, 3, 4)),
  unary('reduce_sum of the ends', (g, x) => g.sum(x, [0, 2]), of(2, 3, 4)),
  unary('reduce_max', (g, x) => g.max(x, [0, 2]), of(2, 3, 4)),
  unary('log_softmax', (g, x) => g.logSoftmax(x), of(3, 4)),
  unary('softmax', (g, x) => g.softmax(x), of(3, 4)),
];

const contractions: Case[] = [];
for (const a of [false, true]) {
  for (const b of [false, true]) {
    const left = a ? [4, 3] : [3, 4];
    const right = b ? [2, 4] : [4, 2];
    const suffix = `${a ? ', a transposed' : ''}${b ? ', b transposed' : ''}`;
    contractions.push(
      binary(`matmul${suffix}`, (g, p, q) => g.matmul(p, q, { a, b }), of(...left), of(...right)),
      binary(
        `batched matmul${suffix}`,
        (g, p, q) => g.matmul(p, q, { a, b }),
        of(2, 2, ...left),
        of(2, 2, ...right),
      ),
    );
  }
}
const none = [
  [0, 0],
  [0, 0],
] as const;
const same = [
  [1, 1],
  [1, 1],
] as const;
const uneven = [
  [2, 1],
  [0, 3],
] as const;
const convolutions = [
  { strides: [1, 1], padding: none, dilations: [1, 1], x: [2, 4, 4, 2], w: [3, 3, 2, 3] },
  { strides: [1, 1], padding: same, dilations: [1, 1], x: [1, 4, 5, 1], w: [3, 3, 1, 2] },
  { strides: [2, 3], padding: uneven, dilations: [1, 1], x: [1, 6, 7, 2], w: [3, 2, 2, 2] }, // rows unread
  { strides: [1, 1], padding: same, dilations: [2, 1], x: [1, 6, 4, 2], w: [3, 2, 2, 1] },
  { strides: [2, 1], padding: uneven, dilations: [1, 2], x: [2, 5, 5, 1], w: [2, 3, 1, 2] },
] as const;
for (const { x, w, ...attrs } of convolutions) {
  const name = `${JSON.stringify(attrs)} ${x.join('x')}`;
  const dy = new Builder();
  const shape = dy.conv2d(dy.input('x', x), dy.input('w', w), attrs).shape;
  contractions.push(
    binary(`conv2d ${name}`, (g, p, q) => g.conv2d(p, q, attrs), of(...x), of(...w)),
    binary(
      `conv2d_input_grad ${name}`,
      (g, p, q) => g.op('conv2d_input_grad', [p, q], { ...attrs, input: x }),
      of(...fixedShape(shape)),
      of(...w),
    ),
    binary(
      `conv2d_weight_grad ${name}`,
      (g, p, q) => g.op('conv2d_weight_grad', [p, q], { ...attrs, weight: w }),
      of(...x),
      of(...fixedShape(shape)),
    ),
  );
}

const pools: Case[] = [
  { window: [2, 2], strides: [2, 2], padding: none },
  { window: [2, 2], strides: [2, 2], padding: same },
  { window: [3, 2], strides: [1, 1], padding: none },
  { window: [3, 3], strides: [2, 2], padding: same },
  { window: [2, 3], strides: [3, 1], padding: none },
].flatMap((attrs) => {
  const typed = attrs as unknown as Parameters<GraphBuilder['maxPool2d']>[1];
  const probe = new Builder();
  const pooled = probe.sumPool2d(probe.input('x', [2, 5, 6, 2]), typed).shape;
  return [
    unary(`max_pool2d ${JSON.stringify(attrs)}`, (g, x) => g.maxPool2d(x, typed), of(2, 5, 6, 2)),
    unary(`sum_pool2d ${JSON.stringify(attrs)}`, (g, x) => g.sumPool2d(x, typed), of(2, 5, 6, 2)),
    unary(
      `sum_pool2d_grad ${JSON.stringify(attrs)}`,
      (g, x) => g.op('sum_pool2d_grad', [x], { ...typed, input: [2, 5, 6, 2] }),
      of(...fixedShape(pooled)),
    ),
  ];
});

describe('gradients against central differences', () => {
  const cases = [...elementwise, ...movement, ...reductions, ...contractions, ...pools];
  test.each(cases)('%s', (_, operands, build) => checkGradients(operands, build));
});

describe('ties', () => {
  /** d sum(c · f(x, y)) / dx and dy. */
  const at = (
    x: Operand,
    y: Operand,
    f: (g: GraphBuilder, x: Node, y: Node) => Node,
    c: readonly number[],
  ) => {
    const g = new Builder();
    const nodes = [g.input('x', x.shape), g.input('y', y.shape)];
    const made = f(g, nodes[0]!, nodes[1]!);
    const loss = g.sum(g.mul(made, g.constant(Float32Array.from(c), fixedShape(made.shape))));
    differentiate(g, loss, nodes).forEach((d, i) => {
      g.output(`d${i}`, d);
    });
    const { d0, d1 } = evaluateGraph(g.finish(), { x: x.values!, y: y.values! });
    return [[...d0!], [...d1!]];
  };
  const [x, y] = [
    { shape: [3], values: [1, 2, 3] },
    { shape: [3], values: [1, 1, 4] },
  ];

  test('maximum and minimum give half to each operand', () => {
    expect(at(x, y, (g, a, b) => g.maximum(a, b), [2, 4, 6])).toEqual([
      [1, 4, 0],
      [1, 0, 6],
    ]);
    expect(at(x, y, (g, a, b) => g.minimum(a, b), [2, 4, 6])).toEqual([
      [1, 0, 6],
      [1, 4, 0],
    ]);
  });
  test('reduce_max shares equally among equal maxima', () => {
    const many = { shape: [2, 3], values: [5, 1, 5, 0, 2, 1] };
    const [dx] = at(many, y, (g, a) => g.max(a, [1]), [6, 1]);
    expect(dx).toEqual([3, 0, 3, 0, 1, 0]);
  });
  test('relu and abs have slope 0 at 0', () => {
    const zero = { shape: [1], values: [0] };
    expect(at(zero, y, (g, a) => g.add(g.relu(a), g.abs(a)), [1])[0]).toEqual([0]);
  });
  test('max_pool2d gives to the first maximum of each window, row by row', () => {
    // rows 1 1 0 / 1 0 7 / 7 7 7 under 2x2 windows with stride 1
    const image = { shape: [1, 3, 3, 1], values: [1, 1, 0, 1, 0, 7, 7, 7, 7] };
    const attrs = { window: [2, 2], strides: [1, 1], padding: none } as const;
    const [dx] = at(image, y, (g, a) => g.maxPool2d(a, attrs), [1, 10, 100, 1000]);
    // windows' firsts: (0,0); (1,2); (2,0); (1,2)
    expect(dx).toEqual([1, 0, 0, 0, 0, 1010, 100, 0, 0]);
  });
});
