import { describe, expect, it } from 'vitest';
import { errorsOf, linesOf } from './helpers.ts';

const mnist = (layers: string, rest = '') =>
  `data: { source: { type: mnist } }\narchitecture:\n${layers
    .split('\n')
    .map((line) => `  - ${line}`)
    .join('\n')}\n${rest}`;
const split = (text: string, rest = '') =>
  `data:\n  source: { type: mnist }\n  split: ${text}\narchitecture: [flatten, dense: { units: 10 }]\n${rest}`;

describe('shapes', () => {
  it('show the chain up to the layer that does not fit', () => {
    const [error, ...more] = errorsOf(
      mnist('flatten\nconv2d: { filters: 32, kernel_size: 3 }\ndense: { units: 10 }'),
    );
    expect(more).toEqual([]);
    expect(error).toMatchObject({ code: 'shape', details: { position: { line: 4, column: 5, length: 6 } } });
    expect(error?.details.notes).toEqual(['one example:  data (28, 28, 1) → flatten (784) → conv2d ✗']);
  });
  it('place a kernel larger than its input at the field', () => {
    const [error] = errorsOf(mnist('conv2d: { filters: 2, kernel_size: 29 }\nflatten\ndense: { units: 10 }'));
    expect(error?.details.position).toMatchObject({ line: 3 });
    expect(error?.details.notes?.[0]).toBe('one example:  data (28, 28, 1) → conv2d ✗');
  });
  it('count the output units', () => {
    expect(linesOf(mnist('flatten\ndense: { units: 9 }'))).toEqual([
      '4:21+1 output-units: 9 output units for 10 classes | write `units: 10`',
    ]);
    expect(linesOf(mnist('flatten\ndense:\n      units: 9'))).not.toEqual([]);
  });
  it('want a flat output', () => {
    expect(linesOf(mnist('conv2d: { filters: 10, kernel_size: 3 }'))).toEqual([
      expect.stringMatching(/^3:5\+6 shape: .*10 output units but gets \(26, 26, 10\) \| end with `flatten`/),
    ]);
  });
  it('refuse probabilities where the loss takes raw outputs', () => {
    expect(linesOf(mnist('flatten\ndense: { units: 10, activation: softmax }'))[0]).toMatch(
      /^4:37\+7 logits: .*raw outputs.* \| remove `activation: softmax`: the loss takes raw outputs$/,
    );
    expect(
      linesOf(
        mnist(
          'flatten\ndense: { units: 10, activation: softmax }',
          'loss: { type: sparse_categorical_crossentropy, from_logits: false }\n',
        ),
      ),
    ).toEqual([]);
  });
  it('know what stateless and sized transforms give', () => {
    const pca = (n: number) => `data:
  source: mnist
  features:
    - normalize: pixel
    - reduce: { type: pca, components: ${n} }
architecture:
  - conv2d: { filters: 3, kernel_size: 3 }
  - dense: { units: 10 }
`;
    expect(errorsOf(pca(50))[0]?.details.notes).toEqual(['one example:  data (50) → conv2d ✗']);
    // As many as explain 95%: nobody knows before fitting.
    expect(errorsOf(pca(0.95))).toEqual([]);
  });
});

describe('split', () => {
  const cases: [string, RegExp | null][] = [
    ['{ train: 0.7, test: 0.3 }', null],
    ['{ train: 0.1, test: 0.9, validation: 0.5 }', null],
    ['{ train: 7000, test: 3000 }', null],
    ['{ train: 0.8 }', null],
    ['{ type: fixed }', null],
    [
      '{ train: 0.8, test: 0.3 }',
      /^3:30\+3 split-too-large: the fractions of the split add up to 1.1, more than 1/,
    ],
    [
      '{ train: 8000, test: 3000 }',
      /split-too-large: the split asks for 11000 examples, the source has 10000/,
    ],
    [
      '{ train: 9000, test: 0.2 }',
      /split-too-large: the split asks for 11000 examples, the source has 10000/,
    ],
    ['{ train: 0, test: 1.0 }', /^3:19\+1 split-empty: nothing is left to train on/],
    ['{ validation: 1 }', /split-empty: a validation part of 1/],
    ['{ train: 100, validation: 100 }', /split-empty: 100 validation examples are carved out of 100/],
    [
      '{ train: 1.5 }',
      /`train` of split: expected a fraction up to 1 or a whole number of examples, found 1.5/,
    ],
    ['{ train: -0.1 }', /expected a number of at least 0 or null, found -0.1/],
    ['{ type: fixed, train: 0.5 }', /^3:32\+3 split-fixed: `train` has no meaning in a fixed split/],
  ];
  it.each(cases)('%s', (text, message) => {
    const lines = linesOf(split(text));
    if (message === null) expect(lines).toEqual([]);
    else expect(lines.join('\n')).toMatch(message);
  });
});

describe('task', () => {
  const regression = (rest: string) =>
    `task: regression\ndata:\n  source: generated\narchitecture:\n  - dense: { units: 1 }\n${rest}`;
  it('fits loss, metrics and strata', () => {
    expect(linesOf(regression(''))).toEqual([]);
    expect(linesOf(regression('loss: sparse_categorical_crossentropy\n'))[0]).toMatch(
      /^6:7\+31 task: sparse_categorical_crossentropy is a loss for classification, the task is regression \| use mean_squared_error/,
    );
    expect(linesOf(regression('evaluation: { metrics: [r2, accuracy] }\n'))).toEqual([
      expect.stringMatching(
        /^6:29\+8 task: accuracy is a metric for classification, the task is regression \| choose /,
      ),
    ]);
    expect(
      linesOf(regression('').replace('generated\n', 'generated\n  split: { stratify: true }\n'))[0],
    ).toMatch(/^4:22\+4 split-strata: `stratify` needs classes/);
  });
});

describe('names of quantities', () => {
  it('exist in this run', () => {
    const rest = `training:
  early_stopping: { monitor: val_loss }
  stop_when: "acuracy >= 1"
expect:
  - "validation.accuracy >= 0.9"
  - "test.acuracy >= 0.9"
  - "test.roc >= "
`;
    const lines = linesOf(split('{ train: 0.7, test: 0.3 }', rest));
    expect(lines.slice(0, 4)).toEqual([
      '6:30+8 no-such-quantity: this run has no `val_loss`: the split has no validation part | add `validation: 0.1` to `data.split`',
      '7:14+14 no-such-quantity: this run has no `acuracy` | rename it to `accuracy`',
      '9:5+28 no-such-quantity: this run has no `validation.accuracy`: the split has no validation part | add `validation: 0.1` to `data.split`',
      '10:5+21 no-such-quantity: this run has no `test.acuracy` | rename it to `test.accuracy`',
    ]);
    expect(lines).toHaveLength(5);
    expect(lines[4]).toMatch(/^11:5\+/);
  });
  it('watch the validation loss only where there is one', () => {
    const rest = 'training: { early_stopping: { patience: 3 } }\n';
    expect(errorsOf(split('{ validation: 0.1 }', rest))).toEqual([]);
    expect(errorsOf(split('{ train: 0.7 }', rest))).toEqual([]);
  });
  it('are what a schedule watches, too', () => {
    expect(linesOf(split('{ validation: 0.1 }', 'schedule: reduce_on_plateau\n'))).toEqual([]);
    expect(linesOf(split('{ train: 0.7 }', 'schedule: reduce_on_plateau\n')).join()).toMatch(
      /^5:11\+17 no-such-quantity: this run has no `val_loss`|^5:1\+8 no-such/,
    );
  });
  it('need a test part for test gates', () => {
    expect(linesOf(split('{ train: 1.0, test: 0 }', 'expect: ["test.accuracy >= 0.5"]\n')).join()).toMatch(
      /the split has no test part/,
    );
  });
});
