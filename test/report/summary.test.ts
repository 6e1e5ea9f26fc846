import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/protocol/events.ts';
import type { ClassRow } from '../../src/protocol/metric-values.ts';
import type { Result } from '../../src/protocol/result.ts';
import { confusionLines, mistakes } from '../../src/report/confusion.ts';
import { summaryMarkdown } from '../../src/report/markdown.ts';
import { rateLines } from '../../src/report/rates.ts';
import { apply, newState } from '../../src/report/store.ts';
import { summaryLines } from '../../src/report/summary.ts';
import { textWidth } from '../../src/report/width.ts';
import { completed, started } from './events.ts';

function stateOf(more: Partial<Result>, before: RunEvent[] = []) {
  const state = newState();
  for (const e of [started(), ...before, completed(more)]) apply(state, e, 0);
  return state;
}

const digits = (n: number, on: (i: number, j: number) => number) => ({
  classes: Array.from({ length: n }, (_, i) => String(i)),
  counts: Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => on(i, j))),
});
const rows = (n: number): ClassRow[] =>
  Array.from({ length: n }, (_, i) => ({
    class: `class ${i}`,
    precision: i === 0 ? null : 0.9,
    sensitivity: 0.8,
    specificity: 0.99,
    f1: i / n,
    support: 10 + i,
  }));

describe('summary', () => {
  it('says what came out, with intervals and expectations', () => {
    const state = stateOf({
      best: { epoch: 9, monitor: 'val_loss', value: 0.04187 },
      stopped: 'early stopping after 3 epochs without a better val_loss',
      expectations: [
        { text: 'test.accuracy >= 0.97', passed: true, found: 0.9872 },
        { text: 'train.accuracy >= 0.99', passed: true, found: 0.991 },
      ],
    });
    expect(summaryLines(state)).toEqual([
      '✓ mnist-cnn 7f3a   12 epochs, 2:03, 5,940 ex/s, onnx cpu×2',
      '  test.accuracy  0.9872 [0.9848, 0.9892]  ✓ expected >= 0.97',
      '  test.loss      0.0412',
      '  expected ✓     train.accuracy >= 0.99, found 0.9910',
      '  training       best epoch 9 (val_loss 0.0419); early stopping after 3 epochs without a better val_loss',
      '  folder         experiments/mnist-cnn/7f3a',
    ]);
  });

  it('marks a failed expectation', () => {
    const lines = summaryLines(
      stateOf({ expectations: [{ text: 'test.accuracy >= 0.99', passed: false, found: 0.9872 }] }),
    );
    expect(lines[0]).toMatch(/^✗ mnist-cnn/);
    expect(lines[1]).toContain('✗ expected >= 0.99');
  });

  it('tells after a stop how to go on, and after a failure that the folder is kept', () => {
    const stopped = summaryLines(stateOf({ status: 'interrupted', metrics: {}, epochs: 3 }));
    expect(stopped[0]).toBe(
      '■ mnist-cnn 7f3a   interrupted after 3 of 12 epochs, 2:03, 5,940 ex/s, onnx cpu×2',
    );
    expect(stopped.at(-1)).toBe('  next           mlx resume 7f3a');
    const error = { code: 'nan-loss', message: 'the loss is NaN', step: 1234 };
    const failed = summaryLines(stateOf({ status: 'failed', metrics: {}, error })).join('\n');
    expect(failed).toMatch(/^✗/);
    expect(failed).toContain('error          nan-loss: the loss is NaN (step 1,234)');
    expect(failed).toContain('experiments/mnist-cnn/7f3a (kept)');
    expect(failed).not.toContain('resume');
  });

  it('names the thresholds of labels, in 80 columns', () => {
    const row = { class: 'x', precision: 1, sensitivity: 1, specificity: 1, f1: 1, support: 3 };
    const thresholds = Array.from({ length: 15 }, (_, k) => ({
      type: 'f1',
      criterion: 'best f1',
      pos_label: `${'long '.repeat(k)}label\u001b[31m ${k}`,
      value: k / 16,
      default: 0.5,
      examples: 1234,
      validation: { default: row, chosen: row },
    }));
    const lines = summaryLines(stateOf({ thresholds, per_class: [row] }));
    const from = lines.findIndex((line) => line.includes('thresholds'));
    expect(lines[from]).toMatch(/best f1, one for each label \(by default 0.5\)$/);
    const text = lines.join('\n');
    expect(text).toContain('3 more');
    expect(text).toContain('from 1,234 validation examples');
    expect(text).not.toContain('\u001b');
    expect(text).toMatch(/label +precision +sensitivity/);
    for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(80);
  });

  it('shows the final weights of a tiny model', () => {
    const weights = {
      'dense/kernel': [Math.fround(-0.1), 0],
      'dense/bias': [Math.fround(0.1)],
    };
    const text = summaryLines(stateOf({ weights })).join('\n');
    expect(text).toMatch(/dense\/kernel +\[-0\.1, 0\]/);
    expect(text).toMatch(/dense\/bias +\[0\.1\]/);
  });

  it('falls back to validation where there is no test split', () => {
    const text = summaryLines(stateOf({ metrics: { validation: { mean_absolute_error: { value: null } } } }));
    expect(text[1]).toMatch(/validation\.mean_absolute_error +n\/a/);
  });

  it('keeps warnings and escapes what came from files', () => {
    const warning: RunEvent = { type: 'message', level: 'warning', code: 'split-leak', text: 'id \x1b[2J' };
    const confusion = {
      classes: ['cat\x1b[31m', 'dog'],
      counts: [
        [1, 2],
        [0, 1],
      ],
    };
    const text = summaryLines(stateOf({ confusion }, [warning])).join('\n');
    expect(text).toContain('warning        split-leak: id \\x1b[2J');
    expect(text).not.toContain('\x1b');
  });

  it('is empty before the run has ended', () => {
    expect(summaryLines(newState())).toEqual([]);
    expect(summaryMarkdown(newState())).toBe('');
  });
});

describe('confusion', () => {
  it('lists mistakes, the commonest first', () => {
    const found = mistakes({
      classes: ['a', 'b', 'c'],
      counts: [
        [5, 2, 0],
        [7, 5, 0],
        [0, 2, 5],
      ],
    });
    expect(found.map((m) => `${m.truth}${m.predicted}${m.count}`)).toEqual(['ba7', 'ab2', 'cb2']);
  });

  it('draws the matrix: rows truth, columns prediction', () => {
    expect(
      confusionLines({
        classes: ['cat', 'dog'],
        counts: [
          [10, 2],
          [0, 9],
        ],
      }),
    ).toEqual(['truth  cat  dog', 'cat     10    2', 'dog      ·    9']);
  });

  it('fits 80 columns with 12 long names and large counts', () => {
    const big = digits(12, (i, j) => (i === j ? 123_456 : i + j));
    const long = { ...big, classes: big.classes.map((c) => `a rather long name ${c}`) };
    const lines = confusionLines(long);
    for (const line of lines) expect(textWidth(line) + 2).toBeLessThanOrEqual(80);
    expect(lines[1]).toContain('123k');
    for (const line of rateLines(rows(12), 'class')) expect(textWidth(line) + 2).toBeLessThanOrEqual(80);
  });

  it('shows of more than 12 classes only the worst, and no matrix', () => {
    const text = summaryLines(
      stateOf({ confusion: digits(40, (i, j) => (i === j + 1 ? i : 9)), per_class: rows(40) }),
    );
    expect(text.join('\n')).not.toContain('rows are truth');
    expect(text.join('\n')).toMatch(/mistakes +39→38 ×39/);
    const table = text.filter((line) => line.startsWith('  class '));
    expect(table).toHaveLength(13);
    expect(table[1]).toMatch(/class 0 +- +0\.8000/);
    expect(text.at(-1)).toContain('12 with the lowest f1 of 40');
  });
});

describe('Markdown', () => {
  it('has tables, and nothing in it can end a cell or start HTML', () => {
    const confusion = {
      classes: ['<img src=x>', 'a|b'],
      counts: [
        [3, 1],
        [0, 4],
      ],
    };
    const text = summaryMarkdown(stateOf({ confusion, per_class: rows(2) }));
    expect(text).toContain('### ✓ mnist-cnn 7f3a');
    expect(text).toContain('| class | precision | sensitivity | specificity | f1 | support |');
    expect(text).not.toContain('<img');
    for (const line of text.split('\n').filter((l) => l.startsWith('| &#60;img')))
      expect(line.split('|')).toHaveLength(5);
  });
});
