import { describe, expect, it } from 'vitest';
import { linesOf, load } from './helpers.ts';

const digits = (evaluation: string, validation = 'validation: 0.2') => `data:
  source: mnist
  split: { ${validation} }
architecture:
  - flatten
  - dense: { units: 10 }
evaluation:
  ${evaluation}
`;

const two = (evaluation: string, loss = 'binary_crossentropy', more = '') => `data:
  source: { type: inline, rows: [{ a: 1, b: 2, y: 0 }, { a: 2, b: 3, y: 1 }, { a: 3, b: 1, y: 1 }] }
  target: y
  split: { train: 1, validation: 0.4 }
architecture:
  - dense: { units: 1 }
loss: ${loss}
evaluation:
  ${evaluation}
${more}`;

describe('evaluation.calibration and evaluation.threshold', () => {
  it('a name, or a map, with its defaults in the resolved config, which loads to the same', () => {
    const both = load(digits('{ calibration: temperature_scaling, threshold: { type: f1, pos_label: 7 } }'));
    expect(both.config.evaluation).toMatchObject({
      calibration: { type: 'temperature_scaling' },
      threshold: { type: 'f1', pos_label: 7 },
    });
    expect(load(both.resolved).config).toEqual(both.config);
    const { config } = load(digits('threshold: { type: cost, pos_label: "3", false_negative: 5 }'));
    expect(config.evaluation.threshold).toEqual({
      type: 'cost',
      pos_label: '3',
      false_positive: 1,
      false_negative: 5,
    });
    expect(config.evaluation.calibration).toBeNull();
  });

  it('need validation examples', () => {
    expect(
      linesOf(
        digits('{ calibration: temperature_scaling, threshold: { type: f1, pos_label: 7 } }', 'test: 0.3'),
      ),
    ).toEqual([
      expect.stringMatching(
        /^8:18\+19 no-validation: `calibration` is made on validation examples, and the split has none \| add `validation: 0.1`/,
      ),
      expect.stringMatching(/^8:50\+26 no-validation: `threshold`/),
    ]);
  });

  it('need classes, and probabilities', () => {
    const regression = two(
      '{ metrics: [r2], calibration: temperature_scaling, threshold: youden }',
      'mean_squared_error',
      'task: regression\n',
    );
    expect(linesOf(regression).join('\n')).toMatch(
      /task: `calibration` is for classes, the task is regression \| remove `calibration`.*task: `threshold` is for classes/s,
    );
    expect(linesOf(two('calibration: temperature_scaling', 'hinge')).join('\n')).toContain(
      'metric-loss: `calibration` needs probabilities, hinge gives margins',
    );
    expect(linesOf(two('threshold: youden', 'hinge'))).toEqual([]);
  });

  it('a threshold is for one class, which exists', () => {
    expect(linesOf(digits('threshold: f1'))).toEqual([
      expect.stringMatching(/pos-label: a threshold is for one class .* 10 classes \| add `pos_label`/),
    ]);
    expect(linesOf(digits('threshold: { type: f1, pos_label: eleven }'))).toEqual([
      expect.stringMatching(/^8:37\+6 pos-label: there is no class "eleven" \| the classes are 0, 1, 2/),
    ]);
  });

  it('are spelt right', () => {
    expect(linesOf(digits('threshold: { type: sensitivty, at_least: 0.9, pos_label: 1 }'))).toEqual([
      expect.stringContaining('there is no threshold `sensitivty` | rename it to `sensitivity`'),
    ]);
    expect(linesOf(digits('threshold: { type: specificity, pos_label: 1 }'))).toEqual([
      expect.stringContaining('`at_least` is missing in specificity'),
    ]);
    expect(linesOf(digits('threshold: { type: specificity, at_least: 95, pos_label: 1 }'))[0]).toContain(
      'expected a number',
    );
    expect(linesOf(digits('calibration: platt'))).toEqual([
      expect.stringContaining('there is no calibration `platt` | choose `temperature_scaling`'),
    ]);
  });
});
