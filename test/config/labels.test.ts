import { describe, expect, it } from 'vitest';
import { linesOf, load } from './helpers.ts';

const labels = (target: string, more = '', data = '') => `task: multilabel_classification
data:
  source: { type: csv, path: x.csv }
  target: ${target}
${data}architecture:
  - dense: { units: 3 }
${more}`;

describe('multilabel_classification', () => {
  it('has its own defaults, and a resolved config that loads to the same', () => {
    for (const target of ['[red, round, big]', '{ column: tags, separator: ";" }']) {
      const { config, resolved } = load(labels(target));
      expect(config.loss.type).toBe('binary_crossentropy');
      expect(config.evaluation.metrics[0]).toBe('f1_micro');
      expect(config.data.split.stratify).toBe(false);
      expect(load(resolved).config).toEqual(config);
    }
  });

  it('needs several targets, which are for it alone', () => {
    expect(linesOf(labels('red'))).toEqual([
      expect.stringMatching(
        /^4:11\+3 target-labels: multilabel_classification has several targets; `target` names red \| .*\[red, round\]/,
      ),
    ]);
    expect(linesOf(labels('[red]'))).toEqual([
      '4:11+5 target-labels: labels are two columns or more | for the one column write `target: red` and `task: classification`',
    ]);
    expect(linesOf(labels('[]'))).toEqual([
      expect.stringContaining('labels are two columns or more | name them'),
    ]);
    const classes = labels('[a, b]').replace('multilabel_classification', 'classification');
    expect(linesOf(classes)).toEqual([
      expect.stringMatching(
        /^4:11\+6 target-labels: several targets are for multilabel_classification, the task is classification \| set `task/,
      ),
    ]);
    expect(linesOf(labels('[a, a]'))).toEqual([expect.stringContaining('expected different columns')]);
    expect(linesOf(labels('{ column: tags }'))).toEqual([expect.stringContaining('separator')]);
    expect(linesOf(labels('{ column: tags, seperator: "," }')).join()).toContain('rename it to `separator`');
  });

  it('refuses what is for classes or numbers', () => {
    const lines = linesOf(
      labels(
        '[a, b, c]',
        'loss: categorical_crossentropy\nevaluation: { metrics: [accuracy], baselines: [mean], threshold: { type: f1, pos_label: a } }\n',
        '  split: { validation: 0.2, stratify: true }\n  balance: smote\n',
      ),
    ).join('\n');
    for (const what of [
      'categorical_crossentropy is a loss for classification, the task is multilabel_classification | use binary_crossentropy',
      'accuracy is a metric for classification, the task is multilabel_classification',
      'mean is a baseline for regression',
      '`stratify` needs classes, the task is multilabel_classification | remove `stratify`',
      '`balance` is for classes, the task is multilabel_classification',
      'each label has a threshold of its own: `pos_label` has no meaning | remove `pos_label`',
    ])
      expect(lines).toContain(what);
    expect(linesOf(labels('[a, b]').replace('{ type: csv, path: x.csv }', 'mnist')).join('\n')).toContain(
      'multilabel_classification is for tables; `mnist` has none',
    );
    expect(linesOf(labels('[a, b]', 'expect: ["test.hamming_loss <= 0.1", "test.roc_auc > 0"]\n'))).toEqual([
      expect.stringContaining('this run has no `test.roc_auc` | add `roc_auc` to `evaluation.metrics`'),
    ]);
  });
});
