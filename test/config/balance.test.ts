import { describe, expect, it } from 'vitest';
import { linesOf, load } from './helpers.ts';

const text = (more: string, top = '') => `data:
  source: mnist
  ${more}
architecture:
  - flatten
  - dense: { units: 10 }
${top}`;

describe('data.balance', () => {
  it('a name, or a map; with its defaults in the resolved config, which loads to the same', () => {
    const { config, resolved } = load(text('balance: smote'));
    expect(config.data.balance).toEqual({ type: 'smote', ratio: 1, neighbors: 5, rows: 10_000 });
    expect(resolved).toContain('balance: { type: smote, ratio: 1, neighbors: 5, rows: 10000 }');
    expect(load(resolved).config).toEqual(config);
    expect(load(text('balance: { type: class_weights, weights: { "7": 3 } }')).config.data.balance).toEqual({
      type: 'class_weights',
      weights: { 7: 3 },
    });
  });
  it('none by default', () => {
    const { config, resolved } = load(text('target: null'));
    expect(config.data.balance).toBeNull();
    expect(load(resolved).config).toEqual(config);
  });
  it('is for classes, and spelt right', () => {
    expect(linesOf(text('balance: { type: overample, ration: 2 }'))).toEqual([
      '3:20+9 unknown-name: there is no balance `overample` | rename it to `oversample`',
      '3:31+6 unknown-key: `ration` is not a field of oversample | rename it to `ratio`',
      expect.stringMatching(/^3:39\+1 wrong-value: `ratio` of oversample/),
    ]);
    expect(linesOf(text('balance: oversample', 'task: regression\n')).join('\n')).toContain(
      'task: `balance` is for classes, the task is regression',
    );
  });
});

describe('steps whose usual type needs no name', () => {
  it('stand alone', () => {
    const { config } = load(
      text(
        'features: [clip_outliers, { reduce: { type: pca, components: 9 } }, polynomial, { select: { type: anova_f, k: 3 } }]',
      ),
    );
    expect(config.data.features).toMatchObject([
      { kind: 'clip_outliers', type: 'iqr', factor: 1.5 },
      { kind: 'reduce', type: 'pca' },
      { kind: 'polynomial', type: 'polynomial', degree: 2 },
      { kind: 'select', type: 'anova_f', k: 3 },
    ]);
    expect(linesOf(text('features: [select]'))[0]).toContain('`select` needs a type');
    expect(linesOf(text('features: [{ select: variance }, { select: anova_f }]'))[0]).toContain('k');
  });
});
