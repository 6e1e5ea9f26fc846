import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { normal, streamKey, uniform } from '../../src/base/random.ts';
import { sizeOf } from '../../src/base/shape.ts';
import { layers as layerCatalog } from '../../src/catalog/layers/index.ts';
import { losses } from '../../src/catalog/losses/index.ts';
import { optimizers } from '../../src/catalog/optimizers/index.ts';
import { compilePlan, initialState } from '../../src/compile/index.ts';
import { contextOf, loadConfig, type NetworkConfig, networkOf } from '../../src/config/index.ts';
import { prepareRows, readData } from '../../src/data/index.ts';
import type { Engine, EngineOptions, Session } from '../../src/engines/engine.ts';
import { referenceEngine } from '../../src/engines/reference/index.ts';
import { fixedShape } from '../../src/graph/index.ts';
import type { Plan } from '../../src/plan/index.ts';
import { sampled } from './sampled.ts';

const configs = join(import.meta.dirname, '../../configs');
const STEPS = 4;

/** A config made small: few filters and units, a batch of 3 and a tail of 2. */
function shrunk(config: NetworkConfig): NetworkConfig {
  const last = config.architecture.length - 1;
  const architecture = config.architecture.map((layer, i) => {
    if (layer.type === 'conv2d') return { ...layer, filters: 2 };
    return layer.type === 'dense' && i < last ? { ...layer, units: 5 } : layer;
  });
  return { ...config, architecture, training: { ...config.training, batch_size: 3 } };
}

function planFor(
  config: NetworkConfig,
  shape: readonly number[],
  target: 'class' | 'number' | 'labels',
  small = shrunk(config),
  columns = 1,
): Plan {
  return compilePlan(small, {
    summary: {
      source: 'made up',
      raw: shape,
      shape,
      target,
      split: { train: 5, validation: 0, test: 4 },
      transforms: [],
    },
    target: { y: target === 'class' ? { shape: [], dtype: 'i32' } : { shape: [columns], dtype: 'f32' } },
  });
}

/** The same made-up examples for every engine. */
function batchOf(plan: Plan, name: 'train' | 'train_tail' | 'evaluate', classes: number, step: number) {
  const data: Record<string, Float32Array | Int32Array> = {};
  for (const spec of plan.programs[name]!.data) {
    const key = streamKey(7, `${spec.name}/${name}`, step);
    const size = sizeOf(fixedShape(spec.shape));
    data[spec.name] =
      spec.dtype === 'i32'
        ? Int32Array.from({ length: size }, (_, i) => Math.floor(uniform(key, i) * classes))
        : Float32Array.from({ length: size }, (_, i) =>
            spec.name === 'y' && plan.data.target === 'labels'
              ? Number(uniform(key, i) < 0.5)
              : normal(key, i),
          );
  }
  return data;
}

/** Losses, scores and the last state of a few steps, the tail and an evaluation. */
async function trained(session: Session, plan: Plan, classes: number): Promise<Map<string, Float32Array>> {
  const seen = new Map<string, Float32Array>();
  const rate = plan.scalars[0]!.kind === 'value' ? plan.scalars[0]!.value : 0;
  for (let step = 0; step < STEPS; step++) {
    const name = step === 2 ? 'train_tail' : 'train';
    const scalars = Object.fromEntries(
      plan.scalars.map((s) => [s.name, s.kind === 'value' ? rate : 1 - s.base ** (step + 1)]),
    );
    const results = await session.run(name, {
      data: batchOf(plan, name, classes, step),
      scalars,
      counter: step,
    });
    // Whether an argmax between near equals falls on the truth is a matter of the last bit; scores are compared below.
    delete results['accuracy'];
    for (const [metric, value] of Object.entries(results))
      seen.set(`step ${step} ${metric}`, Float32Array.from(value));
  }
  const evaluated = await session.run('evaluate', {
    data: batchOf(plan, 'evaluate', classes, 0),
    scalars: {},
    counter: 0,
  });
  for (const [name, value] of Object.entries(evaluated)) seen.set(name, Float32Array.from(value));
  for (const [name, value] of await session.readState()) seen.set(name, value);
  await session.close();
  return seen;
}

/** Small networks that use every layer, with shapes that strides and padding don't divide. */
const networks: Record<string, string> = {
  convolutions:
    'conv2d: { filters: 3, kernel_size: [3, 2], strides: 2, padding: same, activation: leaky_relu }; conv2d: { filters: 2, kernel_size: 2, dilation_rate: 2, kernel_regularizer: { type: l2, l2: 0.01 } }; flatten',
  pools:
    'max_pooling2d: { pool_size: 3, strides: 2, padding: same }; average_pooling2d: { pool_size: 2, strides: 1, padding: same }; max_pooling2d; global_average_pooling2d',
  normalized:
    'conv2d: { filters: 3, kernel_size: 3, use_bias: false }; batch_normalization; activation: { activation: elu }; dropout: { rate: 0.3 }; flatten; dense: { units: 6 }; batch_normalization: { center: false, scale: false }; activation: { activation: tanh }',
  branches:
    'conv2d: { name: stem, filters: 2, kernel_size: 3 }; conv2d: { name: left, filters: 3, kernel_size: 3 }; conv2d: { name: right, filters: 3, kernel_size: 3, inputs: stem, activation: tanh }; add: { name: sum, inputs: [left, right] }; concatenate: { inputs: [sum, left] }; flatten',
  activations:
    'flatten; dense: { units: 6, activation: gelu, kernel_regularizer: { type: l1, l1: 0.001 } }; dense: { units: 6, activation: silu }; dense: { units: 8, activation: sigmoid }; reshape: { target_shape: [2, 2, 2] }; flatten; dense: { units: 5, activation: softmax }',
};

/** Windows side by side behind relu. */
const tiles = 'activation: { activation: relu }; max_pooling2d; flatten';

/** The same layers on images of 14 x 14 pixels with as many channels as whole blocks have. */
const inBlocks = (layers: string): string =>
  `conv2d: { filters: 16, kernel_size: 3, strides: 2, padding: same }; ${layers.replace(/filters: \d+/g, 'filters: 16')}`;

/** Everything that a user can combine, trained for a few steps on an engine and on `reference`. */
export function testTraining(engine: Engine, options: EngineOptions = { threads: 2 }): void {
  const agree = async (plan: Plan, classes: number) => {
    const expected = await trained(
      await referenceEngine.open(plan, initialState(plan), options),
      plan,
      classes,
    );
    const found = await trained(await engine.open(plan, initialState(plan), options), plan, classes);
    expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
    for (const [name, values] of expected) {
      const scale = Math.max(1e-3, ...values.map(Math.abs));
      const off = values.reduce((worst, v, i) => Math.max(worst, Math.abs(v - found.get(name)![i]!)), 0);
      expect(off / scale, name).toBeLessThan(20 * engine.tolerance);
    }
  };
  const base = (architecture: string, set: string[] = []) =>
    networkOf(
      loadConfig(join(configs, 'mnist-logistic.yaml'), {
        set: [`architecture=[${architecture}]`, 'expect=[]', ...set],
      }).config,
    );

  describe('configs, shrunk', () => {
    for (const file of readdirSync(configs).filter((f) => f.endsWith('.yaml')))
      test(file, async () => {
        const loaded = sampled(loadConfig(join(configs, file), { set: [] }));
        const ctx = contextOf(loaded);
        // Of tables only reading tells.
        const data = loaded.described ?? prepareRows(loaded.config, await readData(loaded.config, ctx));
        const { kind } = data.target;
        await agree(
          planFor(networkOf(loaded.config), data.shape, kind),
          data.target.kind === 'class' ? data.target.classes.length : 0,
        );
      });
  });

  describe('layers', () => {
    const agreeing = (layers: string) => async () => {
      const list = layers.split('; ').map((l) => (l.includes(':') ? `{ ${l} }` : l));
      // sgd: where a gradient is exactly 0 in theory (a bias before a normalization), adam would scale up its noise.
      const config = base([...list, '{ dense: { units: 10 } }'].join(', '), ['optimizer={type: sgd}']);
      const small = { ...config, training: { ...config.training, batch_size: 3 } };
      await agree(planFor(config, [28, 28, 1], 'class', small), 10);
    };
    for (const [name, layers] of Object.entries(networks)) test(name, agreeing(layers));
    // Few channels never lie in blocks; these do wherever the engine has blocks of 16 or less.
    if (options.layout === 'fast')
      for (const [name, layers] of Object.entries({ ...networks, tiles }))
        test(`${name}, in whole blocks of channels`, agreeing(inBlocks(layers)));
    test('every layer of the catalogue is in one of them or in a config', () => {
      const used = Object.values(networks).join(' ');
      for (const layer of layerCatalog.keys())
        expect(used, layer).toContain(layer === 'dense' ? 'dense:' : layer);
    });
  });

  describe('optimizers', () => {
    for (const name of optimizers.keys())
      test(name, async () => {
        const clips = ['optimizer.clipnorm=0.5', 'optimizer.clipvalue=0.1', 'optimizer.global_clipnorm=0.7'];
        const more = name === 'sgd' ? ['optimizer.momentum=0.9', 'optimizer.nesterov=true'] : [];
        const config = base('flatten, { dense: { units: 10 } }', [
          `optimizer={type: ${name}}`,
          ...clips,
          ...more,
        ]);
        await agree(planFor(config, [28, 28, 1], 'class'), 10);
      });
  });

  test('frozen layers: the state stays bit for bit, and the others train around it', async () => {
    const layers =
      'conv2d: { filters: 3, kernel_size: 3, use_bias: false }; batch_normalization; flatten; dense: { units: 6, activation: tanh, kernel_regularizer: { type: l2, l2: 0.1 } }';
    const list = layers.split('; ').map((l) => (l.includes(':') ? `{ ${l} }` : l));
    const loaded = base([...list, '{ dense: { units: 10 } }'].join(', '), ['optimizer={type: sgd}']);
    const frozen = (at: readonly number[]): NetworkConfig => ({
      ...loaded,
      architecture: loaded.architecture.map((layer, i) => ({ ...layer, trainable: !at.includes(i) })),
      training: { ...loaded.training, batch_size: 3 },
    });
    for (const at of [[0, 1], [3]]) {
      const plan = planFor(loaded, [28, 28, 1], 'class', frozen(at));
      await agree(plan, 10);
      const still = plan.state.filter(({ name }) =>
        at.some((i) => name.startsWith(`${plan.layers[i]!.name}/`)),
      );
      expect(still.length).toBeGreaterThan(1);
      const found = await trained(await engine.open(plan, initialState(plan), options), plan, 10);
      for (const [name, values] of initialState(plan)) {
        if (still.some((s) => s.name === name)) expect([...found.get(name)!], name).toEqual([...values]);
        else if (!name.startsWith('optimizer/')) expect([...found.get(name)!], name).not.toEqual([...values]);
      }
    }
  });

  test('labels', async () => {
    const loaded = base('flatten, { dense: { units: 10 } }');
    const config: NetworkConfig = {
      ...loaded,
      task: 'multilabel_classification',
      architecture: [loaded.architecture[0]!, { ...loaded.architecture[1]!, units: 3 }],
      loss: {
        type: 'binary_crossentropy',
        ...(losses.get('binary_crossentropy')!.schema.parse({}) as object),
      },
      evaluation: {
        metrics: ['hamming_loss', 'subset_accuracy'],
        baselines: [],
        calibration: { type: 'temperature_scaling' },
        threshold: { type: 'f1', pos_label: null },
      },
    };
    const small = { ...config, training: { ...config.training, batch_size: 3 } };
    await agree(planFor(config, [28, 28, 1], 'labels', small, 3), 2);
  });

  describe('losses', () => {
    for (const [name, entry] of losses)
      test(name, async () => {
        const ten = entry.needs.includes('classes');
        const numbers = entry.needs.includes('numbers');
        const loaded = base(`flatten, { dense: { units: 10 } }`);
        const config: NetworkConfig = {
          ...loaded,
          task: numbers ? 'regression' : 'classification',
          loss: { type: name, ...(entry.schema.parse({}) as object) },
          architecture: [loaded.architecture[0]!, { ...loaded.architecture[1]!, units: ten ? 10 : 1 }],
          evaluation: { metrics: [], baselines: [], calibration: null, threshold: null },
        };
        const small = { ...config, training: { ...config.training, batch_size: 3 } };
        await agree(planFor(config, [28, 28, 1], numbers ? 'number' : 'class', small), ten ? 10 : 2);
      });
  });
}
