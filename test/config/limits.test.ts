import { describe, expect, it } from 'vitest';
import { BASE, errorsOf, linesOf, load } from './helpers.ts';

describe('what no memory holds', () => {
  const cases: [string, string[], RegExp][] = [
    ['weights', ['architecture.1.dense.units=1000000000'], /too-large: dense_1 .*785000000000 parameters/],
    [
      'an output',
      [
        'architecture.0={conv2d: {filters: 9000000, kernel_size: 1}}',
        'architecture.1=global_average_pooling2d',
      ],
      /too-large: conv2d_1 .*7056000000 numbers for one example/,
    ],
    [
      'a batch',
      ['architecture.0={conv2d: {filters: 10000, kernel_size: 1}}', 'training.batch_size=5000'],
      /too-large: a batch of 5000 makes 39200000000 numbers in conv2d_1.* \| give at most 273$/,
    ],
    [
      'data',
      [
        'task=regression',
        'architecture=[dense: { units: 1 }]',
        `data.source={ type: generated, count: 10000000, coefficients: [${Array(1024).fill(1)}] }`,
      ],
      /too-large: the data are 10240000000 numbers/,
    ],
  ];
  it.each(cases)('%s: is refused', (_, set, message) => {
    expect(linesOf(BASE, set).join('\n')).toMatch(message);
  });
  it('but a batch is never larger than the data', () => {
    expect(errorsOf(BASE, ['training.batch_size=1000000000', 'training.epochs=1000000000'])).toEqual([]);
  });
});

describe('very many', () => {
  it('layers are refused', () => {
    const text = `data: { source: mnist }\narchitecture:\n${'  - flatten\n'.repeat(50_000)}`;
    expect(linesOf(text)).toEqual([
      '1003:5+7 too-large: `architecture` has 50000 layers, at most 1000 are read',
    ]);
  });
  it('problems are told up to 100', () => {
    const keys = Array.from({ length: 20_000 }, (_, i) => `k${i}: 1\n`).join('');
    const lines = linesOf(`${BASE}${keys}`);
    expect(lines).toHaveLength(101);
    expect(lines[0]).toMatch(/^6:1\+2 unknown-key: `k0`/);
    expect(lines[100]).toBe('- more-problems: 19900 more problems come after these');
  });
});

describe('numbers', () => {
  it.each(['.nan', '.inf', '-.inf', '1e999', '1e-400'])('%s is none', (text) => {
    for (const path of [
      'seed',
      'optimizer.learning_rate',
      'training.epochs',
      'data.split.test',
      'architecture.1.dense.units',
    ])
      expect(linesOf(BASE, [`${path}=${text}`])).toEqual([expect.stringMatching(/ yaml: /)]);
  });
  it('that a float32 or an index cannot hold are refused, with the bound', () => {
    expect(linesOf(BASE, ['optimizer.learning_rate=1e39'])[0]).toMatch(/at most 3.4e\+38, found 1e\+39/);
    expect(linesOf(BASE, ['seed=1e300'])[0]).toMatch(/at most 9007199254740991, found 1e\+300/);
    expect(
      linesOf(`${BASE}task: regression\n`, ['data.source={ type: generated, intercept: 1e39 }'])[0],
    ).toMatch(/`intercept` of generated: expected a number of at most 3.4e\+38/);
  });
  it('keep no sign on 0', () => {
    expect(Object.is(load(BASE, ['seed=-0.0']).config.seed, 0)).toBe(true);
  });
});

describe('the split', () => {
  it('with a validation share alone is 70 : 30, with that share of training carved out', () => {
    const { config, resolved } = load(BASE, ['data.split={ validation: 0.2 }']);
    const split = { type: 'random', train: 0.7, validation: 0.2, test: 0.3, stratify: true, column: null };
    expect(config.data.split).toMatchObject(split);
    expect(resolved).toContain('train: 0.7, validation: 0.2, test: 0.3, stratify: true, ');
    expect(errorsOf(BASE, ['data.split={ validation: 0.2 }', 'expect=["test.accuracy > 0"]'])).toEqual([]);
  });
  it('leaves something to train on', () => {
    expect(linesOf(BASE, ['data.split={ validation: 7000 }'])).toEqual([
      '1:26+4 split-empty: 7000 validation examples are carved out of 7000 | leave some to train on',
    ]);
    expect(errorsOf(BASE, ['data.split={ validation: 6999 }'])).toEqual([]);
  });
  it('has no test part when all examples train', () => {
    const set = ['data.split={ train: 10000 }', 'expect=["test.accuracy > 0"]'];
    expect(linesOf(BASE, set).join()).toMatch(/the split has no test part/);
  });
});
