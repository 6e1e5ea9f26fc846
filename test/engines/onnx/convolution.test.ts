import fc from 'fast-check';
import { expect, test } from 'vitest';
import { onnxEngine } from '../../../src/engines/onnx/index.ts';
import { evaluateGraph } from '../../../src/engines/reference/index.ts';
import { windowed } from '../../../src/graph/index.ts';
import { difference, drawn, graphOf, planOf } from './plans.ts';

const between = (low: number, high: number) => fc.integer({ min: low, max: high });
const axis = fc.record({
  size: between(1, 9),
  taps: between(1, 4),
  stride: between(1, 3),
  dilation: between(1, 3),
  low: between(0, 4),
  high: between(0, 4),
});
const drawnCase = fc
  .record({ rows: axis, columns: axis, batch: between(1, 3), i: between(1, 5), o: between(1, 5) })
  .filter(({ rows, columns }) => [rows, columns].every((a) => outputSize(a) > 0));
const outputSize = (a: {
  size: number;
  taps: number;
  stride: number;
  dilation: number;
  low: number;
  high: number;
}) => windowed(a.size, a.taps, a.stride, a.low, a.high, a.dilation);

// Also paddings beyond the kernel's reach, rows that no window covers, and all forms that the shapes choose.
test('convolutions and both of their gradients agree with the reference for any geometry', async () => {
  await fc.assert(
    fc.asyncProperty(drawnCase, async ({ rows, columns, batch, i, o }) => {
      const attrs = {
        strides: [rows.stride, columns.stride],
        dilations: [rows.dilation, columns.dilation],
        padding: [
          [rows.low, rows.high],
          [columns.low, columns.high],
        ],
      } as const;
      const x = [batch, rows.size, columns.size, i];
      const w = [rows.taps, columns.taps, i, o];
      const dy = [batch, outputSize(rows), outputSize(columns), o];
      const graph = graphOf((g) => {
        const [xn, wn, dyn] = [g.input('x', x), g.input('w', w), g.input('dy', dy)];
        g.output('y', g.conv2d(xn, wn, attrs));
        g.output('dx', g.op('conv2d_input_grad', [dyn, wn], { ...attrs, input: x }));
        g.output('dw', g.op('conv2d_weight_grad', [xn, dyn], { ...attrs, weight: w }));
      });
      const data = { x: drawn('x', x), w: drawn('w', w), dy: drawn('dy', dy) };
      const session = await onnxEngine.open(planOf({ evaluate: graph }), new Map(), { threads: 1 });
      const got = await session.run('evaluate', { data, scalars: {}, counter: 0 });
      const want = evaluateGraph(graph, data, { seed: 1, counter: 0 });
      for (const name of ['y', 'dx', 'dw'])
        expect(difference(got[name]!, want[name]!), name).toBeLessThan(1e-5);
      await session.close();
    }),
    { numRuns: 150, seed: 3 },
  );
}, 60_000);
