import { describe, expect, it } from 'vitest';
import { streamKey, uniform } from '../../src/base/random.ts';
import { sizeOf } from '../../src/base/shape.ts';
import { compileExplain, compilePlan, initialState } from '../../src/compile/index.ts';
import type { NetworkConfig } from '../../src/config/config.ts';
import { loadConfig, networkOf } from '../../src/config/index.ts';
import { engines } from '../../src/engines/index.ts';
import { evaluateGraph } from '../../src/engines/reference/index.ts';
import type { GraphBuilder, Node } from '../../src/graph/index.ts';

const BATCH = 3;
const RAW = [12, 12, 1];

/** mnist-cnn, small, from pixels 0 to 255 as its features take them. */
function small(): { config: NetworkConfig; plan: ReturnType<typeof compileExplain> } {
  const config = networkOf(loadConfig('configs/mnist-cnn.yaml', { set: [] }).config);
  const architecture = config.architecture.map((layer, i) =>
    layer.type === 'conv2d'
      ? { ...layer, filters: 3 }
      : layer.type === 'dense' && i < config.architecture.length - 1
        ? { ...layer, units: 6 }
        : layer,
  );
  const shrunk = { ...config, architecture };
  const input = {
    summary: {
      source: 'made up',
      raw: RAW,
      shape: RAW,
      target: '10 classes',
      split: { train: 6, validation: 0, test: 3 },
      transforms: [],
    },
    target: { y: { shape: [], dtype: 'i32' } },
    preprocess: (g: GraphBuilder, x: Node) => g.mul(x, 1 / 255),
  } as const;
  return { config: shrunk, plan: compileExplain(shrunk, compilePlan(shrunk, input), input, BATCH) };
}

const { plan } = small();
const state = initialState(plan);
const size = sizeOf(RAW);
const key = streamKey(3, 'pixels');
const x = Float32Array.from({ length: BATCH * size }, (_, i) => Math.floor(256 * uniform(key, i)));
const y = Int32Array.of(7, 0, 3);

async function ask(engine: string, pixels: Float32Array) {
  const session = await (await engines.get(engine)!()).open(plan, new Map(state), { threads: 1 });
  try {
    const found = await session.run('evaluate', { data: { x: pixels, y }, scalars: {}, counter: 0 });
    return Object.fromEntries(Object.entries(found).map(([name, value]) => [name, Float64Array.from(value)]));
  } finally {
    await session.close();
  }
}

describe('the gradient of a picked output by raw pixels', () => {
  it('is the reference’s on onnx', async () => {
    const [want, got] = [await ask('reference', x), await ask('onnx', x)];
    for (const name of ['picked', 'gradient', 'scores']) {
      const scale = Math.max(...want[name]!.map(Math.abs));
      got[name]!.forEach((value, i) => {
        expect(Math.abs(value - want[name]![i]!)).toBeLessThan(1e-5 * scale);
      });
    }
  });

  it('is what finite differences of the reference give, and each example’s own', () => {
    const { graph } = plan.programs.evaluate!;
    const exact = (pixels: ArrayLike<number>) =>
      evaluateGraph(graph, { x: pixels, y, ...Object.fromEntries(state) }) as Record<string, Float64Array>;
    const { gradient, picked } = exact(x);
    const scale = Math.max(...gradient!.map(Math.abs));
    expect(scale).toBeGreaterThan(0);
    const step = 1e-3;
    let compared = 0;
    for (let pixel = 5; pixel < size; pixel += 11) {
      // The same pixel of all examples at once: what one changes isn't seen by the others.
      const moved = (by: number) => Float64Array.from(x, (v, i) => (i % size === pixel ? v + by : v));
      const [up, down] = [exact(moved(step)).picked!, exact(moved(-step)).picked!];
      for (let e = 0; e < BATCH; e++) {
        const halves = [(up[e]! - picked![e]!) / step, (picked![e]! - down[e]!) / step];
        // Unlike halves: a relu or a maximum bends within the step.
        if (Math.abs(halves[0]! - halves[1]!) > 1e-6 * scale) continue;
        const slope = (up[e]! - down[e]!) / (2 * step);
        expect(Math.abs(slope - gradient![e * size + pixel]!)).toBeLessThan(1e-6 * scale);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(20);
  });
});
