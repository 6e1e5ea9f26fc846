import { fileURLToPath } from 'node:url';
import ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { onnxEngine } from '../../../src/engines/onnx/index.ts';
import { lower } from '../../../src/engines/onnx/lower/index.ts';
import { blockSize } from '../../../src/engines/onnx/probe.ts';
import { sessionOptions } from '../../../src/engines/onnx/runtime.ts';
import { evaluateGraph } from '../../../src/engines/reference/index.ts';
import { differentiate, fixedShape, type GraphBuilder, type Node } from '../../../src/graph/index.ts';
import { compileModel } from '../../bench/models.ts';
import { difference, drawn, graphOf } from './plans.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const runtime = ort as unknown as Parameters<typeof blockSize>[0];
const block = await blockSize(runtime);
const plain = {
  strides: [1, 1],
  dilations: [1, 1],
  padding: [
    [0, 0],
    [0, 0],
  ],
} as const;
const tiles = (window: readonly [number, number]) => ({ window, strides: window, padding: plain.padding });
const kinds = (build: (g: GraphBuilder) => void, size = block) =>
  lower(graphOf(build), '', { block: size }).census;

/** Builds with a scalar loss, adds the gradients of the named inputs, compares all with the reference. */
async function check(
  build: (g: GraphBuilder) => Node,
  data: Record<string, Float32Array> = {},
  tolerance = 1e-5,
): Promise<Record<string, number>> {
  const graph = graphOf((g) => {
    const y = build(g);
    g.output('y', y);
    const inputs = g.nodes.filter((n) => n.op === 'input');
    const loss = g.sum(g.mul(y, g.input('seed', y.shape)));
    differentiate(g, loss, inputs).forEach((gradient, i) => {
      g.output(`gradient of ${(inputs[i] as { attrs: { name: string } }).attrs.name}`, gradient);
    });
  });
  const lowered = lower(graph, 'out:', { block });
  const values = Object.fromEntries(
    lowered.inputs.map(({ name, shape }) => [name, data[name] ?? drawn(name, fixedShape(shape))]),
  );
  const session = await ort.InferenceSession.create(lowered.bytes, sessionOptions(2));
  const got = await session.run(
    Object.fromEntries(
      lowered.inputs.map(({ name, shape }) => [
        name,
        new ort.Tensor('float32', values[name]!, fixedShape(shape)),
      ]),
    ),
  );
  await session.release();
  const want = evaluateGraph(graph, values, { seed: 1, counter: 0 });
  for (const { name } of graph.outputs) {
    const error = difference(got[`out:${name}`]!.data as Float32Array, want[name]!);
    expect(error, `${name}: ${error}`).toBeLessThan(tolerance);
  }
  return lowered.census as Record<string, number>;
}

// Where this CPU has no blocked layout there is nothing to test but that.
describe.skipIf(block === 0)('the blocked layout', () => {
  test.each([
    ['of one channel', 1, 1, plain, [3, 3]],
    ['of three channels', 3, 2, plain, [5, 5]],
    ['of blocks', block, 2 * block, plain, [3, 3]],
    ['strided', block, block, { ...plain, strides: [2, 3] }, [3, 2]],
    [
      'padded',
      2 * block,
      block,
      {
        ...plain,
        padding: [
          [1, 2],
          [0, 1],
        ],
      },
      [3, 3],
    ],
    [
      'padded beyond its kernel',
      block,
      block,
      {
        ...plain,
        padding: [
          [3, 2],
          [2, 3],
        ],
      },
      [2, 2],
    ],
    [
      'dilated',
      block,
      block,
      {
        ...plain,
        dilations: [2, 3],
        padding: [
          [2, 1],
          [1, 0],
        ],
      },
      [2, 2],
    ],
    ['of one pixel', block, block, plain, [1, 1]],
    ['of odd channels', block + 1, block, plain, [2, 2]],
    ['to odd channels', block, block + 1, plain, [2, 2]],
  ] as const)('convolution %s and its gradients', async (_, i, o, attrs, [kh, kw]) => {
    const out = o === 1 || o === 2 ? o * block : o;
    await check((g) =>
      g.add(g.conv2d(g.input('x', [2, 9, 8, i]), g.input('w', [kh, kw, i, out]), attrs), g.input('b', [out])),
    );
  });

  test.each([[[2, 2]], [[3, 2]], [[1, 2]], [[2, 1]], [[6, 6]]] as const)(
    'pooling %j gives ties to the first, also among zeros and negatives',
    async (window) => {
      const shape = [2, 6, 6, 2 * block];
      for (const digits of [
        (v: number) => Math.round(v * 2),
        () => 0,
        () => -1.5,
        (v: number) => -Math.abs(Math.round(v * 3)),
      ]) {
        const x = drawn('x', shape).map(digits);
        await check((g) => g.maxPool2d(g.input('x', shape), tiles(window)), { x }, 1e-6);
      }
    },
  );

  test('a window that does not tile the image is pooled in the documented layout', async () => {
    for (const attrs of [tiles([2, 2]), { window: [2, 2], strides: [1, 1], padding: plain.padding }] as const)
      await check((g) => g.maxPool2d(g.input('x', [1, 5, 5, block]), attrs));
  });

  test('values between images: per channel, per image, per pixel, sums, masks by comparing', async () => {
    await check(
      (g) => {
        const x = g.conv2d(g.input('x', [2, 5, 4, block]), g.input('w', [2, 2, block, 2 * block]), plain);
        const mean = g.mean(x, [0, 1, 2]);
        const scaled = g.mul(g.sub(x, mean), g.input('scale', [2 * block]));
        const positive = g.select(g.greater(scaled, g.input('limit', [2 * block])), scaled, 0.5);
        const pixels = g.mul(g.input('pixels', [4, 3, 1]), positive);
        const images = g.mul(pixels, g.input('images', [2, 1, 1, 1]));
        const rows = g.sum(images, [0, 2]);
        return g.mul(g.add(g.sum(images, [3]), g.sum(images, [0, 3])), g.sum(rows, [0, 1]));
      },
      {},
      1e-4,
    );
  });

  test('the CNN’s step converts as few images as can be', () => {
    const { graph } = compileModel(root, 'configs/mnist-cnn.yaml').plan.programs.train!;
    const { census } = lower(graph, '', { block });
    expect(census).toMatchObject({ MaxPool: 2, ReorderInput: 1 });
    expect(census.ReorderOutput).toBeLessThanOrEqual(3);
    expect(census.ConvTranspose).toBeUndefined();
  });

  test('it is what runs, unless turned off; without convolutions nothing is probed', async () => {
    const cnn = compileModel(root, 'configs/mnist-cnn.yaml');
    const layoutOf = async (model: typeof cnn, layout?: 'portable') => {
      const session = await onnxEngine.open(model.plan, model.state, { threads: 1, layout });
      await session.close();
      return session.info.options.layout;
    };
    expect(await layoutOf(cnn)).toBe(`blocked ${block}`);
    expect(await layoutOf(cnn, 'portable')).toBe('portable');
    expect(await layoutOf(compileModel(root, 'configs/mnist-mlp.yaml'))).toBe('portable');
  });

  test('the portable form has documented operators only', () => {
    const build = (g: GraphBuilder) =>
      g.output(
        'y',
        g.maxPool2d(
          g.conv2d(g.input('x', [1, 4, 4, 2 * block]), g.input('w', [1, 1, 2 * block, block]), plain),
          tiles([2, 2]),
        ),
      );
    expect(kinds(build)).toMatchObject({ ReorderInput: 1 });
    expect(kinds(build, 0).ReorderInput).toBeUndefined();
  });
});

test('portable and fast training agree', async () => {
  const model = compileModel(root, 'configs/mnist-cnn.yaml');
  const states = [];
  for (const layout of ['fast', 'portable'] as const) {
    const session = await onnxEngine.open(model.plan, model.state, { threads: 2, layout });
    const { loss } = await session.run('train', model.inputs(0));
    states.push(loss![0]);
    await session.close();
  }
  expect(Math.abs(states[0]! - states[1]!)).toBeLessThan(1e-5 * Math.abs(states[1]!));
}, 60_000);
