import { fileURLToPath } from 'node:url';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { exportOnnx } from '../../../src/engines/onnx/index.ts';
import { evaluateGraph } from '../../../src/engines/reference/index.ts';
import {
  BATCH,
  bind,
  type Dim,
  type Dims,
  type GraphBuilder,
  type Node,
  product,
  symbolic,
} from '../../../src/graph/index.ts';
import { compileModel } from '../../bench/models.ts';
import { difference, drawn, graphOf, planOf } from './plans.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const same = [
  [1, 1],
  [1, 1],
] as const;
const state = { k: [3, 3, 2, 4], scale: [4], w: [36, 5], b: [5] } as const;
const weights = new Map(Object.entries(state).map(([name, shape]) => [name, drawn(name, shape)]));

/** Normalization, convolution, both pools, flatten, dense, softmax, argmax: for one batch size. */
function network(g: GraphBuilder, batch: Dim): void {
  const shape: Dims = [batch, 6, 6, 2];
  const input = (name: keyof typeof state) => g.input(name, state[name]);
  const x = g.div(g.sub(g.input('x', shape), 0.25), 2);
  const conv = g.conv2d(x, input('k'), { strides: [1, 1], dilations: [1, 1], padding: same });
  const pools = {
    window: [2, 2],
    strides: [2, 2],
    padding: [
      [0, 0],
      [0, 0],
    ],
  } as const;
  const pooled = g.maxPool2d(g.relu(g.mul(conv, input('scale'))), pools);
  const mean = g.mul(g.sumPool2d(pooled, { ...pools, window: [1, 1], strides: [1, 1] }), 0.5);
  const centred = g.sub(mean, g.spread(g.mean(mean, [1, 2]), [1, 2], mean.shape));
  const flat = g.reshape(
    g.concat([centred, g.pad(g.slice(mean, [0, 0, 0, 0], [batch, 3, 3, 1]), [0, 0, 0, 0], [0, 0, 0, 0])], 3),
    [batch, 45],
  );
  const scores: Node = g.softmax(g.add(g.matmul(g.slice(flat, [0, 0], [batch, 36]), input('w')), input('b')));
  g.output('scores', scores);
  g.output('label', g.argmax(scores, 1));
}

const plan = planOf({ predict: graphOf((g) => network(g, BATCH)) }, state);

describe('an exported model', () => {
  test.each([1, 3, 64])('gives what the graph says for a batch of %i', async (batch) => {
    const session = await InferenceSession.create(exportOnnx(plan, weights));
    const x = drawn('x', [batch, 6, 6, 2]);
    const { scores, label } = await session.run({ input: new Tensor('float32', x, [batch, 6, 6, 2]) });
    const inputs = { x, ...Object.fromEntries(weights) };
    const want = evaluateGraph(
      graphOf((g) => network(g, batch)),
      inputs,
      { seed: 1, counter: 0 },
    );
    expect(scores!.dims).toEqual([batch, 5]);
    expect(difference(scores!.data as Float32Array, want.scores!)).toBeLessThan(1e-5);
    expect(label!.type).toBe('int32');
    expect(label!.dims).toEqual([batch]);
    expect([...(label!.data as Int32Array)]).toEqual([...want.label!]);
  });

  test('has an open batch axis, only the input `input`, and standard operators', async () => {
    const bytes = exportOnnx(plan, weights);
    const session = await InferenceSession.create(bytes);
    expect(session.inputNames).toEqual(['input']);
    expect(session.outputNames).toEqual(['scores', 'label']);
    expect(session.inputMetadata[0]).toMatchObject({ shape: ['batch', 6, 6, 2], type: 'float32' });
    expect(session.outputMetadata[0]).toMatchObject({ shape: ['batch', 5] });
    expect(Buffer.from(bytes).includes('com.microsoft')).toBe(false);
  });

  test('the MNIST CNN as compiled', async () => {
    const model = compileModel(root, 'configs/mnist-cnn.yaml');
    const session = await InferenceSession.create(exportOnnx(model.plan, model.state));
    const x = drawn('image', [3, 28, 28, 1]);
    const all = await session.run({ input: new Tensor('float32', x, [3, 28, 28, 1]) });
    const one = await session.run({ input: new Tensor('float32', x.slice(784, 1568), [1, 28, 28, 1]) });
    expect(all.scores!.dims).toEqual([3, 10]);
    expect(
      difference(one.scores!.data as Float32Array, (all.scores!.data as Float32Array).slice(10, 20)),
    ).toBeLessThan(1e-5);
    expect((one.label!.data as Int32Array)[0]).toBe((all.label!.data as Int32Array)[1]);
  });
});

describe('symbolic sizes of an exported model', () => {
  test.each([7919, 15_838])('are not mistaken for a layer of %i units', async (units) => {
    const shapes = { w: [3, units], v: [units, 2] } as const;
    const values = new Map(Object.entries(shapes).map(([name, shape]) => [name, drawn(name, shape)]));
    const build = (batch: Dim) =>
      graphOf((g) => {
        const [w, v] = [g.input('w', shapes.w), g.input('v', shapes.v)];
        const wide = g.relu(g.matmul(g.input('x', [batch, 3]), w));
        const turned = g.reshape(g.transpose(g.reshape(wide, [batch, units, 1]), [0, 2, 1]), [batch, units]);
        g.output('wide', turned);
        g.output(
          'scores',
          g.softmax(g.matmul(g.sub(turned, g.spread(g.max(turned, [1]), [1], turned.shape)), v)),
        );
      });
    const session = await InferenceSession.create(
      exportOnnx(planOf({ predict: build(BATCH) }, shapes), values),
    );
    expect(session.outputMetadata[0]).toMatchObject({ shape: ['batch', units] });
    for (const batch of [1, 3]) {
      const x = drawn('x', [batch, 3]);
      const found = await session.run({ input: new Tensor('float32', x, [batch, 3]) });
      const want = evaluateGraph(build(batch), { x, ...Object.fromEntries(values) });
      expect(found['wide']!.dims).toEqual([batch, units]);
      expect(difference(found['wide']!.data as Float32Array, want['wide']!)).toBeLessThan(1e-5);
      expect(difference(found['scores']!.data as Float32Array, want['scores']!)).toBeLessThan(1e-5);
    }
  });

  test('may be two, a batch and a length; and several inputs keep their names', async () => {
    const graph = graphOf((g) => {
      const length = symbolic('length');
      const x = g.input('words', [BATCH, length, 4]);
      const own = g.input('table', [BATCH, 2]);
      const rows = g.reshape(x, [product([BATCH, length]), 4]);
      const mapped = g.tanh(g.reshape(g.matmul(rows, g.input('w', [4, 6])), [BATCH, length, 6]));
      const halves = g.reshape(mapped, [BATCH, length, 2, 3]);
      const attention = g.softmax(g.matmul(mapped, mapped, { b: true }));
      // Each place by its number: a range over a symbolic size, repeated over the others.
      const places = g.cast(g.iota([BATCH, length, 6], 1), 'f32');
      const said = g.mean(g.add(g.matmul(attention, mapped), places), [1]);
      g.output('scores', g.concat([said, g.max(g.sum(halves, [3]), [1]), own], 1));
      g.output('each', g.neg(halves));
      g.output('count', g.sum(g.broadcast(g.scalar(1), [BATCH, length])));
    });
    const w = drawn('w', [4, 6]);
    const plan = planOf({ predict: graph }, { w: [4, 6] });
    const session = await InferenceSession.create(exportOnnx(plan, new Map([['w', w]])));
    expect(session.inputMetadata).toMatchObject([
      { name: 'words', shape: ['batch', 'length', 4] },
      { name: 'table', shape: ['batch', 2] },
    ]);
    expect(session.outputMetadata).toMatchObject([
      { name: 'scores', shape: ['batch', 10] },
      { name: 'each', shape: ['batch', 'length', 2, 3] },
      { name: 'count' },
    ]);
    for (const [batch, length] of [
      [1, 1],
      [2, 5],
      [3, 2],
    ] as const) {
      const [words, table] = [drawn('words', [batch, length, 4]), drawn('table', [batch, 2])];
      const found = await session.run({
        words: new Tensor('float32', words, [batch, length, 4]),
        table: new Tensor('float32', table, [batch, 2]),
      });
      const want = evaluateGraph(bind(graph, { batch, length }), { words, table, w });
      expect(found['each']!.dims).toEqual([batch, length, 2, 3]);
      for (const [name, values] of Object.entries(want))
        expect(difference(found[name]!.data as Float32Array, values), name).toBeLessThan(1e-5);
    }
  });
});
