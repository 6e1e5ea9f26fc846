import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sizeOf } from '../../src/base/shape.ts';
import { simplify } from '../../src/compile/3-simplify.ts';
import { evaluateGraph } from '../../src/engines/reference/index.ts';
import {
  fixedShape,
  type Graph,
  GraphBuilder,
  type Node,
  printGraph,
  verify,
} from '../../src/graph/index.ts';

const graphOf = (build: (g: GraphBuilder) => Node): Graph => {
  const g = new GraphBuilder();
  g.output('y', build(g));
  return g.finish();
};
const simple = (build: (g: GraphBuilder) => Node): Graph => simplify(graphOf(build));
const ops = (graph: Graph) => graph.nodes.map((n) => n.op);
const x = (g: GraphBuilder, shape = [2, 3]) => g.input('x', shape);

function dead({ nodes, outputs }: Graph): Node[] {
  const live = new Set(outputs.map((o) => o.value));
  for (const node of [...nodes].reverse()) if (live.has(node.id)) for (const id of node.inputs) live.add(id);
  return nodes.filter((node) => !live.has(node.id));
}

/** What the pass knows to leave alone, to drop, or to merge, at random; every value is [3, 3], so that no scalar is folded. */
type Move = readonly [op: string, first: number, second: number, value: number];
const values = [0, -0, 1, -1, 2, 0.5, 3, NaN, Infinity, -Infinity];
const moves = fc.array(
  fc.tuple(
    fc.constantFrom(
      ...['add', 'sub', 'mul', 'div', 'maximum', 'add constant', 'sub constant', 'mul constant'],
      ...[
        'constant add',
        'constant mul',
        'div constant',
        'neg',
        'relu',
        'abs',
        'transpose',
        'reshape',
        'twice',
      ],
      ...['broadcast', 'cast', 'pad', 'mask', 'sum', 'tanh', 'input'],
    ),
    fc.nat(1000),
    fc.nat(1000),
    fc.constantFrom(...values),
  ) satisfies fc.Arbitrary<Move>,
  { minLength: 1, maxLength: 25 },
);

const square = [3, 3];
function randomGraph(list: readonly Move[]): Graph {
  const g = new GraphBuilder();
  const made: Node[] = [g.input('x', square), g.input('z', square)];
  for (const [op, first, second, value] of list) {
    const [a, b] = [made[first % made.length]!, made[second % made.length]!];
    const constant = g.broadcast(
      second % 2 ? g.scalar(value) : g.constant(new Float32Array([value]), [1, 1]),
      square,
    );
    const next: Record<string, () => Node> = {
      add: () => g.add(a, b),
      sub: () => g.sub(a, b),
      mul: () => g.mul(a, b),
      // A divisor that is never 0 by accident: 1/0 and 1/-0 differ, and x + 0 keeps the sign of a zero.
      div: () => g.div(a, g.maximum(g.abs(b), 0.5)),
      maximum: () => g.maximum(a, b),
      'add constant': () => g.add(a, constant),
      'sub constant': () => g.sub(a, constant),
      'mul constant': () => g.mul(a, constant),
      'constant add': () => g.add(constant, a),
      'constant mul': () => g.mul(constant, a),
      'div constant': () => g.div(a, constant),
      neg: () => g.neg(a),
      relu: () => g.relu(a),
      abs: () => g.abs(a),
      transpose: () => g.transpose(a, second % 3 ? [1, 0] : [0, 1]),
      reshape: () => g.reshape(g.reshape(a, second % 2 ? [9] : [1, 9, 1]), square),
      twice: () => g.reshape(g.transpose(g.reshape(a, [1, 3, 3]), [1, 2, 0]), square),
      broadcast: () => g.op('broadcast', [a], { shape: square }),
      cast: () => g.op('cast', [a], { to: 'f32' }),
      pad: () => g.slice(g.pad(a, [1, 0], [0, 0], [0, 0], value), [0, 0], [3, 3]),
      mask: () => g.randomMask(second % 2 ? 'one' : 'two', 0.5, square),
      sum: () => g.spread(g.sum(a, [0]), [0], square),
      tanh: () => g.tanh(a),
      input: () => made[second % 2]!,
    };
    made.push(next[op]!());
  }
  g.output('y', made.at(-1)!);
  g.output('middle', made[Math.floor(made.length / 2)]!);
  return g.finish();
}

/** Equal bits but for the sign of a zero. */
const same = (a: number, b: number) => Object.is(a, b) || (a === 0 && b === 0);

describe('any graph', () => {
  const numbers = {
    x: [0, -0, 1.5, -2, 3e-9, 7, -1, 0.1, 2],
    z: [1, 2, -0, Infinity, NaN, -3, 0.25, -Infinity, 1e30],
  };
  test('keeps its values, and ends without dead or double nodes', () => {
    fc.assert(
      fc.property(moves, (list) => {
        const graph = randomGraph(list);
        const smaller = simplify(graph);
        verify(smaller);
        const [before, after] = [graph, smaller].map((g) =>
          evaluateGraph(g, numbers, { seed: 3, counter: 1 }),
        );
        expect(Object.keys(after!)).toEqual(Object.keys(before!));
        for (const [name, expected] of Object.entries(before!)) {
          const found = after![name]!;
          const wrong = [...expected].findIndex((value, i) => !same(value, found[i]!));
          if (wrong >= 0) throw new Error(`${name}[${wrong}]: ${expected[wrong]} became ${found[wrong]}`);
        }
        expect(dead(smaller)).toEqual([]);
        expect(smaller.nodes.length).toBeLessThanOrEqual(graph.nodes.length);
        expect(printGraph(simplify(smaller))).toBe(printGraph(smaller));
      }),
      { numRuns: 1500, seed: 1 },
    );
  });
});

describe('leaves nothing dead', () => {
  test('an unused computation goes, an unused input too', () => {
    const graph = simple((g) => {
      g.exp(g.input('unused', [4]));
      return g.neg(x(g));
    });
    expect(ops(graph)).toEqual(['input', 'neg']);
  });
  test('what a rewrite has made dead goes as well, even where it added as much', () => {
    expect(ops(simple((g) => g.reshape(g.reshape(x(g), [6]), [3, 2])))).toEqual(['input', 'reshape']);
    expect(ops(simple((g) => g.add(g.scalar(2), g.scalar(3))))).toEqual(['constant']);
  });
});

describe('common subexpressions', () => {
  test('become one', () => {
    const graph = simple((g) => g.add(g.exp(g.mul(x(g), 2)), g.exp(g.mul(x(g), 2))));
    expect(ops(graph)).toEqual(['input', 'constant', 'broadcast', 'mul', 'exp', 'add']);
  });
  test('not so constants that print alike: 0 and -0', () => {
    const graph = simple((g) => g.add(g.div(x(g, [1]), g.scalar(0)), g.div(x(g, [1]), g.scalar(-0))));
    expect([...evaluateGraph(graph, { x: [1] })['y']!]).toEqual([NaN]); // ∞ - ∞, not ∞ + ∞
  });
  test('nor pads with ∞, -∞ and NaN, nor masks of two streams, nor f32 and i32', () => {
    const padded = simple((g) => {
      const of = (value: number) => g.pad(x(g, [1]), [1], [0], [0], value);
      return g.concat([of(Infinity), of(-Infinity), of(NaN)], 0);
    });
    expect([...evaluateGraph(padded, { x: [1] })['y']!]).toEqual([Infinity, 1, -Infinity, 1, NaN, 1]);
    const masks = simple((g) => g.add(g.randomMask('a', 0.5, [2]), g.randomMask('b', 0.5, [2])));
    expect(ops(masks)).toEqual(['random_mask', 'random_mask', 'add']);
    const typed = simple((g) => {
      const [f, i] = [g.constant(new Float32Array([3, 4]), [2]), g.constant(new Int32Array([3, 4]), [2])];
      return g.add(f, g.cast(i, 'f32'));
    });
    expect(ops(typed)).toEqual(['constant', 'constant', 'cast', 'add']);
  });
});

describe('identities', () => {
  const one = (g: GraphBuilder) => g.constant(new Float32Array([1]), [1, 1]);
  const gone: [what: string, build: (g: GraphBuilder) => Node][] = [
    ['x · 1', (g) => g.mul(x(g), 1)],
    ['1 · x', (g) => g.mul(1, x(g))],
    ['x · 1 of another rank', (g) => g.mul(x(g), one(g))],
    ['x · (1 reshaped and spread)', (g) => g.mul(x(g), g.broadcast(g.reshape(g.scalar(1), [1, 1]), [2, 3]))],
    ['x / 1', (g) => g.div(x(g), 1)],
    ['x + 0', (g) => g.add(x(g), 0)],
    ['0 + x', (g) => g.add(0, x(g))],
    ['x - 0', (g) => g.sub(x(g), 0)],
    ['--x', (g) => g.neg(g.neg(x(g)))],
    ['a transpose and its inverse', (g) => g.transpose(g.transpose(x(g, [2, 3, 4]), [1, 2, 0]), [2, 0, 1])],
    ['a transpose that moves nothing', (g) => g.transpose(x(g), [0, 1])],
    ['there and back in shape', (g) => g.reshape(g.reshape(x(g), [6]), [2, 3])],
    ['a cast to its own type', (g) => g.op('cast', [x(g)], { to: 'f32' })],
  ];
  for (const [what, build] of gone) test(`${what} is x`, () => expect(ops(simple(build))).toEqual(['input']));

  const kept: [what: string, build: (g: GraphBuilder) => Node, last: string][] = [
    ['0 - x', (g) => g.sub(0, x(g)), 'sub'],
    ['1 / x', (g) => g.div(1, x(g)), 'div'],
    ['x · 0 (NaN and ∞ stay)', (g) => g.mul(x(g), 0), 'mul'],
    ['x + x - x', (g) => g.sub(g.add(x(g), x(g)), x(g)), 'sub'],
    [
      'transposing [1, 2, 0] twice',
      (g) => g.transpose(g.transpose(x(g, [2, 2, 2]), [1, 2, 0]), [1, 2, 0]),
      'transpose',
    ],
    ['a vector of ones and a two', (g) => g.mul(x(g, [2]), g.constant(new Float32Array([1, 2]), [2])), 'mul'],
    ['a truncating cast', (g) => g.cast(g.cast(x(g), 'i32'), 'f32'), 'cast'],
  ];
  for (const [what, build, last] of kept)
    test(`${what} stays`, () => {
      const before = graphOf(build);
      const after = simplify(before);
      expect(ops(after).at(-1)).toBe(last);
      const special = [NaN, Infinity, -0, 1.5, -2, 3, 0, 9];
      const inputs = {
        x: special.slice(0, sizeOf(fixedShape(before.nodes.find((n) => n.op === 'input')!.shape))),
      };
      expect(evaluateGraph(after, inputs)).toEqual(evaluateGraph(before, inputs));
    });

  test('x · 1 and x + 0 pass NaN, infinities and -0 through as they are', () => {
    const special = [NaN, Infinity, -Infinity, -0, 0, 5e-324];
    for (const build of [(g: GraphBuilder) => g.mul(x(g, [6]), 1), (g: GraphBuilder) => g.add(x(g, [6]), 0)])
      expect([...evaluateGraph(simple(build), { x: special })['y']!]).toEqual(special);
    // The one change of bits: -0 + 0 is +0 in IEEE 754, and stays -0 here.
    expect([
      ...evaluateGraph(
        graphOf((g) => g.add(x(g, [1]), 0)),
        { x: [-0] },
      )['y']!,
    ]).toEqual([0]);
  });
});

describe('scalar constants', () => {
  const pairs: [
    what: string,
    build: (g: GraphBuilder, a: number, b: number) => Node,
    f: (a: number, b: number) => number,
  ][] = [
    ['+', (g, a, b) => g.add(g.scalar(a), g.scalar(b)), (a, b) => a + b],
    ['-', (g, a, b) => g.sub(g.scalar(a), g.scalar(b)), (a, b) => a - b],
    ['·', (g, a, b) => g.mul(g.scalar(a), g.scalar(b)), (a, b) => a * b],
    ['/', (g, a, b) => g.div(g.scalar(a), g.scalar(b)), (a, b) => a / b],
    ['√', (g, a) => g.sqrt(g.scalar(a)), (a) => Math.sqrt(a)],
    ['-a', (g, a) => g.neg(g.scalar(a)), (a) => -a],
  ];
  const f32 = fc.float({ noDefaultInfinity: false });
  for (const [what, build, f] of pairs)
    test(`${what} is computed in float64 and rounded once`, () => {
      fc.assert(
        fc.property(f32, f32, (a, b) => {
          const graph = simple((g) => build(g, a, b));
          expect(ops(graph)).toEqual(['constant']);
          const [found] = evaluateGraph(graph, {})['y']!;
          expect(same(found!, Math.fround(f(a, b)))).toBe(true);
        }),
        { seed: 2 },
      );
    });
  test('chains fold to the end, with the shape they had', () => {
    const graph = simple((g) => g.div(g.sqrt(g.add(g.constant(new Float32Array([9]), [1, 1]), 7)), 8));
    expect(graph.nodes).toMatchObject([
      { op: 'constant', shape: [1, 1], attrs: { data: new Float32Array([0.5]) } },
    ]);
  });
  test('whole numbers are left to the engine', () => {
    const graph = simple((g) =>
      g.div(g.constant(new Int32Array([7]), []), g.constant(new Int32Array([2]), [])),
    );
    expect(ops(graph)).toEqual(['constant', 'constant', 'div']);
  });
});
