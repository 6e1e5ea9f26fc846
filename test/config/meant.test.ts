import { describe, expect, it } from 'vitest';
import { BASE, linesOf } from './helpers.ts';

const digits = (layers: readonly string[], rest = '') =>
  `data: { source: mnist }\narchitecture:\n${layers.map((layer) => `  - ${layer}\n`).join('')}${rest}`;

describe('what is misspelt is read as it was meant', () => {
  it('in a section, its type and its fields', () => {
    expect(linesOf(`${BASE}optimzer: { type: adm, learning_rat: x, clipnrm: 0 }\n`)).toEqual([
      '6:1+8 unknown-key: `optimzer` is not a field of a config | rename it to `optimizer`',
      '6:19+3 unknown-name: there is no optimizer `adm` | rename it to `adam`',
      '6:24+12 unknown-key: `learning_rat` is not a field of adam | rename it to `learning_rate`',
      '6:38+1 wrong-value: `learning_rate` of adam: expected a number greater than 0, found "x"',
      '6:41+7 unknown-key: `clipnrm` is not a field of adam | rename it to `clipnorm`',
      '6:50+1 wrong-value: `clipnorm` of adam: expected a number greater than 0 or null, found 0',
    ]);
  });
  it('below maps inside a section', () => {
    expect(linesOf(`${BASE}trainin: { early_stoping: { patienc: -1 }, batch: 0 }\n`)).toEqual([
      '6:1+7 unknown-key: `trainin` is not a field of a config | rename it to `training`',
      '6:12+13 unknown-key: `early_stoping` is not a field of training | rename it to `early_stopping`',
      '6:29+7 unknown-key: `patienc` is not a field of `early_stopping` of training | rename it to `patience`',
      '6:38+2 wrong-value: `early_stopping.patience` of training: expected a whole number of at least 0, found -1',
      '6:44+5 unknown-key: `batch` is not a field of training | rename it to `batch_size`',
      '6:51+1 wrong-value: `batch_size` of training: expected a whole number of at least 1, found 0',
    ]);
  });
  it('in a layer, whose shape then counts', () => {
    expect(
      linesOf(digits(['conv2D: { filterz: 3, kernel_size: 40 }', 'flaten', 'dense: { unit: 10 }'])),
    ).toEqual([
      '3:5+6 unknown-name: there is no layer `conv2D` | rename it to `conv2d`',
      '3:15+7 unknown-key: `filterz` is not a field of conv2d | rename it to `filters`',
      expect.stringMatching(/^3:40\+2 shape: kernel 40x40 is larger than its input 28x28/),
      '4:5+6 unknown-name: there is no layer `flaten` | rename it to `flatten`',
      '5:14+4 unknown-key: `unit` is not a field of dense | rename it to `units`',
    ]);
  });
  it('when a value is one of several words', () => {
    const wrong = 'flatten';
    expect(linesOf(digits([wrong, 'dense: { units: 9, activation: Relu }']))).toEqual([
      '4:21+1 output-units: 9 output units for 10 classes | write `units: 10`',
      expect.stringMatching(/^4:36\+4 wrong-value: .*found "Relu" \| write `relu`$/),
    ]);
  });
  it('when the key `type` is', () => {
    expect(linesOf(`${BASE}optimizer: { typ: sgd, momentum: 2 }\n`)).toEqual([
      '6:14+3 unknown-key: `typ` is not a field of optimizer | rename it to `type`',
      expect.stringMatching(/^6:34\+1 wrong-value: `momentum` of sgd: expected a number/),
    ]);
  });
  it('in a metric, so that gates on it are no problem', () => {
    const rest = 'evaluation: { metric: [acuracy] }\nexpect: ["test.accuracy >= 0.9"]\n';
    expect(linesOf(`${BASE}${rest}`)).toEqual([
      '6:15+6 unknown-key: `metric` is not a field of evaluation | rename it to `metrics`',
      '6:24+7 unknown-name: there is no metric `acuracy` | rename it to `accuracy`',
    ]);
  });
  it('but not where the right name is given as well, or nothing is like it', () => {
    expect(linesOf(`${BASE}training: { epochs: 2, epoch: 0, zzz: 1 }\n`)).toEqual([
      '6:24+5 unknown-key: `epoch` is not a field of training | remove it: `epochs` is given as well',
      expect.stringMatching(
        /^6:34\+3 unknown-key: `zzz` is not a field of training \| training has `batch_size`/,
      ),
    ]);
  });
  it('in a member of a union that its type tells', () => {
    const dense = 'dense: { units: 10, kernel_regularizer: { type: l1, l3: 4 } }';
    expect(linesOf(digits(['flatten', dense]))).toEqual([
      '4:57+2 unknown-key: `l3` is not a field of `kernel_regularizer` of dense | rename it to `l1`',
    ]);
  });
});

describe('a map that tells by `type` which it is', () => {
  it('with an unknown one, or none', () => {
    const dense =
      'dense: { units: 10, kernel_initializer: { type: he_norml }, kernel_regularizer: { l2: 1 } }';
    const [wrong, missing, ...rest] = linesOf(digits(['flatten', dense]));
    expect(wrong).toMatch(
      /wrong-value: `type` of `kernel_initializer` of dense: .*found "he_norml" \| write `he_normal`$/,
    );
    expect(missing).toMatch(
      /missing-key: `type` is missing in `kernel_regularizer` of dense, expected one of l1, l2, l1_l2/,
    );
    expect(rest).toEqual([]);
  });
});

describe('after a broken layer', () => {
  const nine = expect.stringMatching(/output-units: 9 output units for 10 classes \| write `units: 10`$/);
  it('the units of the last dense layer are counted all the same', () => {
    const lines = linesOf(
      digits(['flatten', 'conv2d: { filters: 2, kernel_size: 3 }', 'dense: { units: 9 }']),
    );
    expect(lines).toEqual([expect.stringMatching(/^4:5\+6 shape: conv2d needs/), nine]);
    expect(linesOf(digits(['dens: 5', 'dense: { units: 9 }', 'dropout: { rate: 0 }'])).at(-1)).toEqual(nine);
  });
  it('nothing else is said', () => {
    const layers = [
      'flatten',
      'conv2d: { filters: 2, kernel_size: 3 }',
      'max_pooling2d',
      'dense: { units: 10 }',
    ];
    expect(linesOf(digits(layers))).toHaveLength(1);
  });
  it('the units are counted where only fitting tells the input', () => {
    const text = digits(['dense: { units: 9 }']).replace(
      '{ source: mnist }',
      '{ source: mnist, features: [reduce: { type: pca, components: 0.9 }] }',
    );
    expect(linesOf(text)).toEqual([nine]);
  });
});
