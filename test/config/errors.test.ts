import { describe, expect, it } from 'vitest';
import { BASE, errorsOf, linesOf } from './helpers.ts';

/** The whole text at once: order, places, words. */
describe('all errors of a file', () => {
  it('come together, in the order of the file', () => {
    const text = `nam: x
seed: 1.5
task: classifcation
engine: gpu
data:
  source: { type: mnits }
  split: { train: "0.7", tset: 0.3 }
  features:
    - normalise: standard
    - normalize: standrad
architecture:
  - conv2D: { filters: 32, kernel_size: 3 }
  - flatten
  - dense: { units: 10, activation: Relu }
  - dense
loss: sparse_categorical_crossentropi
optimzer: adam
optimizer: { type: adm }
training: { batch: 32, epochs: 0 }
evaluation: { metrics: [acuracy] }
`;
    expect(linesOf(text)).toEqual([
      '1:1+3 unknown-key: `nam` is not a field of a config | rename it to `name`',
      '2:7+3 wrong-value: `seed` of the config: expected a whole number of at least 0, found 1.5',
      '3:7+13 wrong-value: `task` of the config: expected one of classification, multilabel_classification, regression, found "classifcation" | write `classification`',
      expect.stringMatching(
        /^4:9\+3 wrong-value: `type` of engine: expected one of auto, onnx, gpujs, reference, found "gpu"/,
      ),
      '6:19+5 unknown-name: there is no source `mnits` | rename it to `mnist`',
      '7:19+5 wrong-value: `train` of split: expected a number of at least 0 or null, found "0.7" | remove the quotes: `0.7`',
      '7:26+4 unknown-key: `tset` is not a field of split | rename it to `test`',
      '9:7+9 unknown-name: there is no transform `normalise` | rename it to `normalize`',
      '10:18+8 unknown-name: there is no normalize `standrad` | rename it to `standard`',
      '12:5+6 unknown-name: there is no layer `conv2D` | rename it to `conv2d`',
      expect.stringMatching(
        /^14:37\+4 wrong-value: `activation` of dense: expected .*found "Relu" \| write `relu`$/,
      ),
      expect.stringMatching(/^15:5\+5 missing-key: `units` is missing in dense, expected a whole number/),
      '16:7+31 unknown-name: there is no loss `sparse_categorical_crossentropi` | rename it to `sparse_categorical_crossentropy`',
      '17:1+8 unknown-key: `optimzer` is not a field of a config | remove it: `optimizer` is given as well',
      '18:20+3 unknown-name: there is no optimizer `adm` | rename it to `adam`',
      '19:13+5 unknown-key: `batch` is not a field of training | rename it to `batch_size`',
      '19:32+1 wrong-value: `epochs` of training: expected a whole number of at least 1, found 0',
      '20:25+7 unknown-name: there is no metric `acuracy` | rename it to `accuracy`',
    ]);
  });

  it('a list that must not be empty', () => {
    expect(linesOf(BASE, ['data.source={type: csv, path: a.csv, missing: []}'])).toContainEqual(
      expect.stringContaining(
        'wrong-value: `missing` of csv: expected a list of one text at least, found []',
      ),
    );
  });

  it('say it as UX.md does', () => {
    expect(linesOf(`${BASE}optimizer: { type: adam, learning_rat: 0.001 }\n`)).toEqual([
      '6:26+12 unknown-key: `learning_rat` is not a field of adam | rename it to `learning_rate`',
    ]);
    expect(linesOf(`${BASE}optimizer: { type: adam, lr: 0.001, clipnrm: 1 }\n`)).toEqual([
      '6:26+2 unknown-key: `lr` is not a field of adam | rename it to `learning_rate`',
      '6:37+7 unknown-key: `clipnrm` is not a field of adam | rename it to `clipnorm`',
    ]);
    expect(linesOf(`${BASE}optimizer: { type: adam, learning_rate: abc, clipnorm: 0 }\n`)).toEqual([
      expect.stringMatching(
        /^6:41\+3 wrong-value: `learning_rate` of adam: expected a number.*, found "abc"$/,
      ),
      '6:56+1 wrong-value: `clipnorm` of adam: expected a number greater than 0 or null, found 0',
    ]);
  });

  const cases: [string, string, RegExp][] = [
    ['an empty file', '', /`data` is missing.*\n.*`architecture` is missing/],
    ['a list at the top', '- a\n', /1:1\+3 wrong-value: a config is a map of sections, found \["a"\]/],
    ['a text at the top', 'hello', /a config is a map of sections, found "hello"/],
    [
      'data without source',
      'data: {}\narchitecture: [flatten]',
      /1:1\+4 missing-key: `source` is missing in data \| add `source`: `mnist`/,
    ],
    [
      'layers as a map',
      `data: { source: mnist }\narchitecture:\n  flatten: {}\n`,
      /3:3\+\d+ wrong-value: `architecture`: expected a list of layers, found a map \| start each layer with `- `/,
    ],
    [
      'no layers',
      'data: { source: mnist }\narchitecture: []',
      /2:1\+12 wrong-value: `architecture` has no layers/,
    ],
    [
      'fields beside the layer',
      `data: { source: mnist }\narchitecture:\n  - dense:\n    units: 10\n`,
      /4:5\+5 layer-keys: .*`dense` and `units` \| indent the fields below `dense:`/,
    ],
    [
      'type as a field',
      `data: { source: mnist }\narchitecture:\n  - type: dense\n    units: 10\n`,
      /layer-keys: .* \| write the type as the key/,
    ],
    [
      'a bare number',
      `data: { source: mnist }\narchitecture: [flatten, dense: 10]\n`,
      /2:32\+2 wrong-value: `dense`: expected a map of its fields, found 10 \| write `dense: { units: 10 }`/,
    ],
    [
      'a list of fields',
      `data: { source: mnist }\narchitecture:\n  - dense:\n    - units: 10\n`,
      /`dense`: expected a map of its fields, found a list \| remove the `-`/,
    ],
    [
      'an empty section',
      `${BASE}training:\n`,
      /6:1\+8 wrong-value: `training`: expected a map of its fields, found nothing/,
    ],
    [
      'metrics as a text',
      `${BASE}evaluation: { metrics: accuracy }\n`,
      /expected a list of metrics, found "accuracy" \| put it in brackets/,
    ],
    [
      'a percentage',
      `${BASE.replace('mnist }', 'mnist }\n  split: { train: 70% }')}`,
      /found "70%" \| write `0.7`/,
    ],
    ['a number with underscores', `${BASE}seed: 1_000\n`, /found "1_000" \| write `1000`/],
    [
      'a hidden name',
      `${BASE}name: .git\n`,
      /`name` of the config: expected 1 to 64 letters.*, found "\.git"/,
    ],
    ['a name with a slash', `${BASE}name: a/b\n`, /`name` of the config: expected 1 to 64 letters/],
    [
      'a number for a typed thing',
      `${BASE}optimizer: 5\n`,
      /`optimizer`: expected an optimizer, a name or a map with `type`, found 5/,
    ],
    [
      'two layers of one name',
      `data: { source: mnist }\narchitecture:\n  - flatten: { name: a }\n  - dense: { units: 10, name: a }\n`,
      /4:31\+1 duplicate-name: two layers are called `a`/,
    ],
    ['a metric twice', `${BASE}evaluation: { metrics: [accuracy, accuracy] }\n`, /6:35\+8 duplicate-name/],
  ];
  it.each(cases)('explain %s', (_, text, message) => {
    expect(linesOf(text).join('\n')).toMatch(message);
  });

  it('never show what zod says', () => {
    for (const [, text] of cases)
      for (const error of errorsOf(text))
        expect(error.message).not.toMatch(/invalid|received|undefined|\[object/i);
  });

  it('check the rest of a section that has only unknown keys', () => {
    const text = `data:
  source: { type: mnist, sise: 3 }
  split: { train: 0.9, test: 0.3, tset: 1 }
architecture:
  - flatten: { axis: 1 }
  - dense: { units: 9, unit: 9 }
`;
    expect(errorsOf(text).map((e) => e.code)).toEqual([
      'unknown-key',
      'split-too-large',
      'unknown-key',
      'unknown-key',
      'output-units',
      'unknown-key',
    ]);
  });
});

describe('the engine', () => {
  it.each([
    [
      'gpujs:webasn',
      '1:15+6 wrong-value: `mode` of engine: expected one of webgpu, headlessgl, webasm, cpu or null, found "webasn" | write `webasm`',
    ],
    [
      '"gpujs:"',
      '1:9+8 wrong-value: `mode` of engine: expected one of webgpu, headlessgl, webasm, cpu or null, found ""',
    ],
    [
      'onnx:cpu',
      '1:9+8 wrong-value: `type` of engine: expected one of auto, onnx, gpujs, reference, found "onnx:cpu"',
    ],
    [
      '{ type: onnx, mode: webasm }',
      '1:23+4 wrong-value: `mode` is for gpujs, but the engine is onnx | write `type: gpujs`, or remove `mode`',
    ],
    [
      '{ mode: webgpu }',
      '1:11+4 wrong-value: `mode` is for gpujs, but the engine is auto | write `type: gpujs`, or remove `mode`',
    ],
    [
      '{ allow_fallback: true }',
      '1:11+14 wrong-value: `allow_fallback` is for gpujs, but the engine is auto | write `type: gpujs`, or remove `allow_fallback`',
    ],
    [
      '{ type: gpujs, allow_fallback: yes }',
      '1:40+3 wrong-value: `allow_fallback` of engine: expected true or false, found "yes" | write `true`, without quotes',
    ],
    [
      '{ type: gpujs, threads: 0 }',
      '1:33+1 wrong-value: `threads` of engine: expected a whole number from 1 to 1024 or null, found 0',
    ],
  ])('refuses %s', (engine, line) => {
    expect(linesOf(`engine: ${engine}\n${BASE}`)).toEqual([expect.stringContaining(line)]);
  });
});
