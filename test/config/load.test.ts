import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { BASE, errorsOf, linesOf, load, writeConfig } from './helpers.ts';

describe('defaults', () => {
  it('are all there', () => {
    const { config } = loadConfig(writeConfig(BASE, 'my-digits.yaml'), { set: [] });
    expect(config).toMatchObject({
      name: 'my-digits',
      seed: 42,
      task: 'classification',
      engine: { type: 'auto', mode: null, allow_fallback: false, threads: null, layout: 'fast' },
      data: {
        source: { type: 'mnist' },
        target: null,
        split: { type: 'random', train: 0.7, validation: 0, test: 0.3, stratify: true },
        features: [],
      },
      architecture: [{ type: 'flatten' }, { type: 'dense', units: 10 }],
      loss: { type: 'sparse_categorical_crossentropy' },
      // Keras 3: Adam(learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-07)
      optimizer: {
        type: 'adam',
        learning_rate: 0.001,
        beta_1: 0.9,
        beta_2: 0.999,
        epsilon: 1e-7,
        clipnorm: null,
        clipvalue: null,
        global_clipnorm: null,
      },
      schedule: { type: 'constant', warmup_steps: 0 },
      training: {
        batch_size: 32,
        epochs: 1,
        shuffle: true,
        early_stopping: null,
        stop_when: null,
        checkpoint_every: 1,
      },
      evaluation: {
        metrics: ['accuracy', 'precision', 'sensitivity', 'specificity', 'f1'],
        baselines: 'auto',
        calibration: null,
        threshold: null,
      },
      expect: [],
    });
  });

  it('fill a split up', () => {
    const parts = (text: string) => {
      const { train, test } = load(BASE.replace('mnist }', `mnist }\n  split: ${text}`)).config.data.split;
      return [train, test];
    };
    expect(parts('{ train: 0.8 }')).toEqual([0.8, 0.2]);
    expect(parts('{ test: 0.1 }')).toEqual([0.9, 0.1]);
    expect(parts('{ train: 500 }')).toEqual([500, null]);
    expect(parts('{ type: fixed }')).toEqual([null, null]);
  });

  it('can not be changed', () => {
    const { config } = load(BASE);
    expect(() => Object.assign(config.optimizer, { learning_rate: 1 })).toThrow(TypeError);
    expect(() => Object.assign(config.architecture, [1])).toThrow(TypeError);
    expect(Object.isFrozen(config.data.split)).toBe(true);
  });
});

describe('overrides', () => {
  it('reach every place', () => {
    const { config } = load(
      BASE,
      [
        'optimizer.learning_rate=0.01',
        'architecture.1.dense.units=10',
        'architecture.0.flatten.name=flat',
        'data.split.train=0.5',
        'data.split.test=0.2',
        'data.features.0=normalize: standard',
        'data.source=mnist',
        'training.early_stopping={ patience: 2 }',
        'expect.0=test.accuracy >= 0.5',
        'engine.threads=2',
      ],
      'onnx',
    );
    expect(config.optimizer.learning_rate).toBe(0.01);
    expect(config.architecture[0]).toMatchObject({ type: 'flatten', name: 'flat' });
    expect(config.data.split).toMatchObject({ train: 0.5, test: 0.2 });
    expect(config.data.features).toMatchObject([{ kind: 'normalize', type: 'standard' }]);
    expect(config.training.early_stopping?.patience).toBe(2);
    expect(config.expect).toEqual(['test.accuracy >= 0.5']);
    expect(config.engine).toMatchObject({
      type: 'onnx',
      provider: 'cpu',
      mode: null,
      threads: 2,
      layout: 'fast',
    });
  });

  it('open shorthands', () => {
    const text = `${BASE}optimizer: adam\nloss: sparse_categorical_crossentropy\n`.replace(
      'architecture:',
      '  features:\n    - normalize: standard\narchitecture:',
    );
    const { config } = load(text, ['optimizer.learning_rate=0.1', 'data.features.0.normalize.type=pixel']);
    expect(config.optimizer).toMatchObject({ type: 'adam', learning_rate: 0.1 });
    expect(config.data.features[0]).toMatchObject({ kind: 'normalize', type: 'pixel' });
    expect(load(text, ['optimizer.type=sgd']).config.optimizer.type).toBe('sgd');
  });

  it('are told apart from the file in errors', () => {
    const [first, second] = errorsOf(`${BASE}seed: x\n`, [
      'optimizer.learning_rat=0.1',
      'training.epochs=no',
    ]);
    expect(first?.details.position).toMatchObject({ line: 6 });
    expect(second?.details.position).toEqual({
      file: '--set optimizer.learning_rat=0.1',
      line: 1,
      column: 1,
      length: 22,
    });
    const [, , third] = errorsOf(`${BASE}seed: x\n`, ['optimizer.learning_rat=0.1', 'training.epochs=no']);
    expect(third?.details.position).toEqual({
      file: '--set training.epochs=no',
      line: 1,
      column: 17,
      length: 2,
    });
    const [engine] = (() => {
      try {
        load(BASE, [], 'cudax');
        return [];
      } catch (error) {
        return (error as { errors: { details: { position: unknown } }[] }).errors;
      }
    })();
    expect(engine?.details.position).toEqual({ file: '--engine cudax', line: 1, column: 1, length: 5 });
  });

  it('take gpujs with its mode in one word, from a file or a flag', () => {
    const webasm = { type: 'gpujs', mode: 'webasm', threads: null };
    expect(load(BASE, [], 'gpujs:webasm').config.engine).toMatchObject(webasm);
    expect(load(`${BASE}engine: "gpujs:webasm"\n`).config.engine).toMatchObject(webasm);
    expect(load(`${BASE}engine: gpujs:webasm\n`, ['engine.threads=2']).config.engine).toMatchObject({
      ...webasm,
      threads: 2,
    });
    expect(load(BASE, [], 'gpujs').config.engine).toMatchObject({ type: 'gpujs', mode: null });
  });

  const bad: [string, RegExp][] = [
    ['seed', /1:1\+4 override: `seed` has no `=`/],
    ['=1', /override: `=1` names no field before the `=`/],
    ['a..b=1', /override: .*has the path step ""/],
    ['__proto__.x=1', /override: .*has the path step "__proto__"/],
    [
      'architecture.7.dense.units=1',
      /1:14\+1 override: `architecture` is a list of 2: there is no item 7 \| items are counted from 0 to 1; 2 adds one/,
    ],
    ['architecture.x=1', /override: `architecture` is a list of 2: "x" is no place in it/],
    [
      'architecture.1.dense.units.x=1',
      /1:28\+1 override: `architecture.1.dense.units` is a single value, it has no `x`/,
    ],
    ['seed={', /1:\d+\+1 yaml: not valid YAML/],
    ['seed=!x 1', /1:9\+1 yaml: unknown tag `!x`/],
    ['constructor=1', /override/],
  ];
  it.each(bad)('refuse %s', (text, message) => {
    expect(linesOf(BASE, [text]).join('\n')).toMatch(message);
  });
});

describe('places', () => {
  const { locate } = load(`${BASE}optimizer: adam\n`, ['training.epochs=3']);
  it('follow the paths of the config', () => {
    expect(locate(['architecture', 1, 'units'])).toMatchObject({ line: 5, column: 21, length: 2 });
    expect(locate(['architecture', 1])).toMatchObject({ line: 5, column: 5, length: 5 });
    expect(locate(['architecture', 1, 'activation'])).toMatchObject({ line: 5, column: 5 });
    expect(locate(['architecture', 0, 'name'])).toMatchObject({ line: 4, column: 5 });
    expect(locate(['optimizer', 'learning_rate'])).toMatchObject({ line: 6, column: 1 });
    expect(locate(['data', 'source', 'type'])).toMatchObject({ line: 2, column: 19 });
    expect(locate(['training', 'epochs'])).toMatchObject({ file: '--set training.epochs=3', column: 17 });
    expect(locate(['loss'])).toBeUndefined();
  });
});

describe('what is known without reading the data', () => {
  const of = (features: string) =>
    load(BASE.replace('architecture:', `  features: [${features}]\narchitecture:`)).described;
  it('is the target, and the shape of an example after the features', () => {
    expect(of('normalize: standard')).toMatchObject({
      shape: [28, 28, 1],
      count: 10_000,
      target: { kind: 'class' },
    });
    expect(of('reduce: { type: pca, components: 50 }')?.shape).toEqual([50]);
    expect(of('reduce: { type: pca, components: 0.9 }')).toBeUndefined();
  });
});

it('overrides open a bare name wherever one stands for a type', () => {
  const text = `${BASE}evaluation:\n  threshold: f1\n`.replace(
    'mnist }',
    'mnist }\n  split: { validation: 0.1 }',
  );
  expect(linesOf(text, ['evaluation.threshold.pos_lable=3'])).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/`pos_lable` is not a field of f1 \| rename it to `pos_label`/),
    ]),
  );
});
