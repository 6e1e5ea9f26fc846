import { streamKey, uniform } from '../../base/random.ts';
import { sizeOf } from '../../base/shape.ts';
import { invariant } from '../../errors.ts';
import { differentiate, fixedShape, type Graph, GraphBuilder } from '../../graph/index.ts';
import type { Plan } from '../../plan/index.ts';
import { ModelBuilder } from './format/model.ts';
import { lower } from './lower/index.ts';
import { type Runtime, sessionOptions } from './runtime.ts';

/** Relative difference up to which the blocked forms count as right: the order of float32 sums. */
const TOLERANCE = 1e-5;

let known: Promise<number> | undefined;

/**
 * Channels of a block in ONNX Runtime's blocked layout on this CPU, or 0 where there is no such layout or its
 * numbers differ from those of the documented operators. Measured once a process.
 */
export function blockSize(runtime: Runtime): Promise<number> {
  known ??= probe(runtime).catch(() => 0);
  return known;
}

/** Whether a plan has something that the blocked layout could speed up. */
export const hasConvolutions = (plan: Plan): boolean =>
  Object.values(plan.programs).some((p) => p.graph.nodes.some((n) => n.op === 'conv2d'));

async function probe(runtime: Runtime): Promise<number> {
  const block = await channelsOfBlock(runtime);
  if (block < 2) return 0;
  const graph = checkGraph(block);
  const [want, got] = [await results(runtime, graph, 0), await results(runtime, graph, block)];
  return want.every((values, i) => agree(values, got[i] ?? new Float32Array())) ? block : 0;
}

/** A reordered image of 4 channels has as many as a block. @throws where there is no such operator */
async function channelsOfBlock(runtime: Runtime): Promise<number> {
  const model = new ModelBuilder();
  model.output(
    'y',
    model.blocked('ReorderInput', [model.input('x', [1, 4, 1, 1], 'f32')]),
    [1, 'c', 1, 1],
    'f32',
  );
  const session = await runtime.InferenceSession.create(model.finish(), sessionOptions(1));
  const { y } = await session.run({ x: new runtime.Tensor('float32', new Float32Array(4), [1, 4, 1, 1]) });
  await session.release();
  return y?.dims[1] ?? 0;
}

/**
 * Uses every blocked form once: convolutions of one channel and of blocks, with bias and padding, pooling
 * with ties, gradients.
 */
function checkGraph(block: number): Graph {
  const g = new GraphBuilder();
  const one = {
    strides: [1, 1],
    dilations: [1, 1],
    padding: [
      [1, 1],
      [1, 0],
    ],
  } as const;
  const two = {
    strides: [2, 1],
    dilations: [1, 2],
    padding: [
      [0, 1],
      [2, 2],
    ],
  } as const;
  const x = g.input('x', [2, 9, 8, 1]);
  const weights = [
    g.input('w1', [3, 2, 1, block]),
    g.input('w2', [3, 3, block, 2 * block]),
    g.input('w3', [2, 3, 2 * block, block]),
    g.input('b', [block]),
  ] as const;
  const [w1, w2, w3, b] = weights;
  let value = g.relu(g.add(g.conv2d(x, w1, one), b));
  value = g.relu(
    g.conv2d(value, w2, {
      ...one,
      padding: [
        [1, 0],
        [1, 1],
      ],
    }),
  );
  value = g.maxPool2d(value, {
    window: [2, 2],
    strides: [2, 2],
    padding: [
      [0, 0],
      [0, 0],
    ],
  });
  value = g.mul(g.conv2d(value, w3, two), b);
  const loss = g.sum(g.square(value));
  g.output('loss', loss);
  differentiate(g, loss, weights).forEach((gradient, i) => {
    g.output(`gradient/${i}`, gradient);
  });
  return g.finish();
}

async function results(runtime: Runtime, graph: Graph, block: number): Promise<Float32Array[]> {
  const lowered = lower(graph, 'out:', { block });
  const session = await runtime.InferenceSession.create(lowered.bytes, sessionOptions(1));
  const feeds = Object.fromEntries(
    lowered.inputs.map(({ name, shape: sizes }) => {
      const shape = fixedShape(sizes);
      const key = streamKey(1, name);
      // Few values, so that windows have ties.
      const values = Float32Array.from(
        { length: sizeOf(shape) },
        (_, i) => Math.floor(uniform(key, i) * 5) / 4 - 0.5,
      );
      return [name, new runtime.Tensor('float32', values, shape)];
    }),
  );
  const outputs = await session.run(feeds);
  await session.release();
  return lowered.outputs.map(({ port }) => {
    const output = outputs[port];
    invariant(output, `the model has the output ${port}`);
    return output.data as Float32Array;
  });
}

function agree(want: Float32Array, got: Float32Array): boolean {
  const scale = want.reduce((max, v) => Math.max(max, Math.abs(v)), 0);
  return want.length === got.length && want.every((v, i) => Math.abs(v - got[i]!) <= TOLERANCE * scale);
}
