import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sizeOf } from '../../src/base/shape.ts';
import { evaluateGraph } from '../../src/engines/reference/index.ts';
import { differentiate, GraphBuilder, GraphError, type Node, verify } from '../../src/graph/index.ts';
import { checkGradients, draw, expectClose, finiteDifferences, weigh } from './finite-differences.ts';

describe('differentiate', () => {
  test('the gradient of a sum of squares is 2x', () => {
    const g = new GraphBuilder();
    const x = g.input('x', [3]);
    g.output('dx', differentiate(g, g.sum(g.square(x)), [x])[0]!);
    expect([...evaluateGraph(g.finish(), { x: [1, -2, 3] })['dx']!]).toEqual([2, -4, 6]);
  });
  test('zeros for a value that the loss does not depend on, and through integers', () => {
    const g = new GraphBuilder();
    const [x, unused, index] = [g.input('x', [2]), g.input('unused', [2, 2]), g.input('index', [2])];
    const loss = g.sum(g.gather(x, g.cast(index, 'i32')));
    const [, dUnused, dIndex] = differentiate(g, loss, [x, unused, index]);
    g.output('unused', dUnused!);
    g.output('index', dIndex!);
    const result = evaluateGraph(g.finish(), { x: [1, 2], unused: [1, 2, 3, 4], index: [0, 1] });
    expect([...result['unused']!]).toEqual([0, 0, 0, 0]);
    expect([...result['index']!]).toEqual([0, 0]);
  });
  test('the loss by itself is 1, and an intermediate value has its total derivative', () => {
    const g = new GraphBuilder();
    const x = g.input('x', []);
    const y = g.mul(x, 3);
    const loss = g.mul(y, x); // 3x²
    differentiate(g, loss, [loss, y, x]).forEach((d, i) => {
      g.output(`d${i}`, d);
    });
    const { d0, d1, d2 } = evaluateGraph(g.finish(), { x: [2] });
    expect([d0![0], d1![0], d2![0]]).toEqual([1, 2, 12]);
  });
  test('walks only what depends on wrt: nothing is added for the other operand', () => {
    const g = new GraphBuilder();
    const [x, w] = [g.input('x', [4, 3]), g.input('w', [3, 2])];
    const hidden = g.exp(x);
    const loss = g.sum(g.matmul(hidden, w));
    const before = g.nodes.length;
    differentiate(g, loss, [w]);
    const added = g.nodes.slice(before);
    expect(added.some((n) => n.op === 'mul')).toBe(false); // exp's rule would be dy · y
  });
  test('scopes follow the forward nodes, and the scope is put back', () => {
    const g = new GraphBuilder();
    g.scope = 'dense_1';
    const w = g.input('w', [2, 2]);
    const y = g.matmul(w, w);
    g.scope = 'loss';
    const loss = g.sum(g.tanh(y));
    const before = g.nodes.length;
    differentiate(g, loss, [w]);
    expect(g.scope).toBe('loss');
    const added = g.nodes.slice(before);
    expect(new Set(added.map((n) => n.scope))).toEqual(new Set(['grad/loss', 'grad/dense_1']));
    expect(added.filter((n) => n.op === 'matmul').every((n) => n.scope === 'grad/dense_1')).toBe(true);
  });
  test('refuses a loss that is no scalar, integer operands, and second derivatives of max pools', () => {
    const g = new GraphBuilder();
    const x = g.input('x', [1, 2, 2, 1]);
    const index = g.iota([2], 0);
    expect(() => differentiate(g, x, [x])).toThrow(/scalar, found f32\[1, 2, 2, 1\]/);
    expect(() => differentiate(g, g.sum(x), [index])).toThrow(GraphError);
    const pool = {
      window: [2, 2],
      strides: [2, 2],
      padding: [
        [0, 0],
        [0, 0],
      ],
    } as const;
    const [dx] = differentiate(g, g.sum(g.square(g.maxPool2d(x, pool))), [x]);
    expect(() => differentiate(g, g.sum(g.square(dx!)), [x])).toThrow(/has no second derivative/);
  });
});

describe('second derivatives', () => {
  const attrs = {
    strides: [2, 1],
    padding: [
      [1, 0],
      [0, 1],
    ],
    dilations: [1, 1],
  } as const;
  const convolve = (g: GraphBuilder, x: Node) =>
    g.conv2d(g.reshape(x, [1, 4, 3, 1]), g.reshape(g.slice(x, [0], [4]), [2, 2, 1, 1]), attrs);
  const cases: readonly [string, (g: GraphBuilder, x: Node) => Node][] = [
    ['x³ e^x', (g, x) => g.mul(g.mul(x, g.square(x)), g.exp(x))],
    ['tanh', (g, x) => g.tanh(x)],
    ['sigmoid', (g, x) => g.sigmoid(x)],
    ['erf', (g, x) => g.erf(x)],
    ['division and square root', (g, x) => g.div(x, g.sqrt(g.add(g.square(x), 1)))],
    ['log softmax', (g, x) => g.logSoftmax(g.reshape(x, [3, 4]))],
    ['matmul', (g, x) => g.matmul(g.reshape(x, [3, 4]), g.reshape(x, [3, 4]), { a: true })],
    ['conv2d', (g, x) => g.tanh(convolve(g, x))],
    ['strided slice and pad', (g, x) => g.square(g.pad(g.slice(x, [1], [10], [2]), [1], [2], [1]))],
  ];
  test.each(cases)('%s', (_, f) => {
    // loss2 = the weighed gradient of loss: its gradient is a row of the Hessian
    const g = new GraphBuilder();
    const x = g.input('x', [12]);
    const [first] = differentiate(g, weigh(g, f(g, x)), [x]);
    const loss = weigh(g, first!);
    g.output('d', differentiate(g, loss, [x])[0]!);
    g.output('loss', loss);
    verify(g.finish());
    const inputs = { x: draw('second', 12) };
    const want = finiteDifferences(g.finish(), inputs, 'x');
    expectClose(evaluateGraph(g.finish(), inputs)['d']!, want, 'd');
  });
});

describe('random shapes', () => {
  const size = fc.integer({ min: 1, max: 3 });
  const runs = { numRuns: 40, seed: 1 };

  test('broadcasting products', () => {
    const axis = fc.tuple(size, fc.constantFrom('both', 'left', 'right'));
    fc.assert(
      fc.property(fc.array(axis, { maxLength: 4 }), fc.nat(4), (axes, cut) => {
        const a = axes.map(([d, who]) => (who === 'right' ? 1 : d));
        const b = axes.map(([d, who]) => (who === 'left' ? 1 : d)).slice(Math.min(cut, axes.length));
        checkGradients([{ shape: a }, { shape: b }], (g, [p, q]) => g.mul(p!, q!));
      }),
      runs,
    );
  });
  test('reductions of any axes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(size, fc.boolean()), { minLength: 1, maxLength: 4 }), (axes) => {
        const reduced = axes.flatMap(([, on], i) => (on ? [i] : []));
        checkGradients([{ shape: axes.map(([d]) => d) }], (g, [x]) => g.square(g.sum(x!, reduced)));
        checkGradients([{ shape: axes.map(([d]) => d) }], (g, [x]) => g.max(x!, reduced));
      }),
      runs,
    );
  });
  test('slices of pads', () => {
    const axis = fc.record({ d: size, low: fc.nat(2), high: fc.nat(2), interior: fc.nat(2), stride: size });
    fc.assert(
      fc.property(fc.array(axis, { minLength: 1, maxLength: 3 }), (axes) => {
        checkGradients([{ shape: axes.map((a) => a.d) }], (g, [x]) => {
          const [low, high, interior] = [
            axes.map((a) => a.low),
            axes.map((a) => a.high),
            axes.map((a) => a.interior),
          ];
          const padded = g.pad(x!, low, high, interior);
          const starts = padded.shape.map((d) => (d === 1 ? 0 : 1));
          return g.slice(
            padded,
            starts,
            padded.shape,
            axes.map((a) => a.stride),
          );
        });
      }),
      runs,
    );
  });
  test('convolutions', () => {
    const axis = fc.record({
      x: fc.integer({ min: 3, max: 6 }),
      k: size,
      s: size,
      low: fc.nat(2),
      high: fc.nat(2),
    });
    fc.assert(
      fc.property(axis, axis, size, size, fc.integer({ min: 1, max: 2 }), (h, w, i, o, dilation) => {
        const attrs = {
          strides: [h.s, w.s],
          padding: [
            [h.low, h.high],
            [w.low, w.high],
          ],
          dilations: [h.k === 3 ? 1 : dilation, 1],
        } as const;
        checkGradients([{ shape: [1, h.x, w.x, i] }, { shape: [h.k, w.k, i, o] }], (g, [x, k]) =>
          g.conv2d(x!, k!, attrs),
        );
      }),
      runs,
    );
  });
  test('pools', () => {
    const axis = fc.record({ x: fc.integer({ min: 3, max: 6 }), k: size, s: size, pad: fc.nat(2) });
    fc.assert(
      fc.property(axis, axis, (h, w) => {
        const attrs = {
          window: [h.k, w.k],
          strides: [h.s, w.s],
          padding: [
            [Math.min(h.pad, h.k - 1), 0],
            [0, Math.min(w.pad, w.k - 1)],
          ],
        } as const;
        const shape = [1, h.x, w.x, 2];
        // distinct values, far apart: no tie within a difference step
        const values = draw('pool', sizeOf(shape)).map((v, i) => v + i * 0.01);
        checkGradients([{ shape, values }], (g, [x]) => g.maxPool2d(x!, attrs));
        checkGradients([{ shape }], (g, [x]) => g.sumPool2d(x!, attrs));
      }),
      runs,
    );
  });
});
