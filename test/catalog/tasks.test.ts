import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shortest } from '../../src/base/shortest.ts';
import { type AnyTask, type Given, taskOf } from '../../src/catalog/tasks/index.ts';
import { readKept } from '../../src/evaluate/index.ts';
import type { TargetShape } from '../../src/protocol/target.ts';

const texts = (value: string | ArrayLike<number>): string[] =>
  typeof value === 'string' ? [value] : Array.from(value, shortest);

/** What predictions.csv has of these predictions, cell by cell, and what the result names. */
function kept(task: AnyTask, given: Given<TargetShape>, outputs: readonly string[]) {
  const predictions = task.predictions(given);
  const rows = Array.from({ length: predictions.count }, (_, i) => task.row(predictions, i));
  return {
    predictions,
    cells: {
      outputs,
      truth: rows.map(({ truth }) => texts(truth)),
      prediction: rows.map(({ prediction }) => texts(prediction)),
      scores: rows.map(({ scores = [] }) => Array.from(scores, shortest)),
    },
  };
}

const score = fc.float({ noNaN: true, noDefaultInfinity: true });
const names = ['b', 'a,"c"', '0'];
const count = fc.integer({ min: 1, max: 20 });
const floats = (length: number) =>
  fc
    .array(score, { minLength: length, maxLength: length })
    .map((values) => Float32Array.from(values, (value) => value + 0)); // no -0, which is written as 0
const wholes = (length: number, most: number) =>
  fc
    .array(fc.integer({ min: 0, max: most }), { minLength: length, maxLength: length })
    .map((values) => Int32Array.from(values));

describe('predictions.csv is read back as it was written', () => {
  const check = (
    name: string,
    target: TargetShape,
    outputs: readonly string[],
    truthOf: (n: number) => fc.Arbitrary<Int32Array | Float32Array>,
    more: Pick<Given<TargetShape>, 'decision'>,
  ) =>
    fc.assert(
      fc.property(
        count.chain((n) => fc.tuple(floats(3 * n), truthOf(n))),
        ([scores, truth]) => {
          const task = taskOf(name);
          const { predictions, cells } = kept(task, { target, scores, units: 3, truth, ...more }, outputs);
          const found = readKept(name, cells);
          expect(found).not.toHaveProperty('missing');
          expect('predictions' in found && found.predictions).toEqual({ ...predictions, scores });
          const shown = Array.from({ length: predictions.count }, (_, i) => task.describe(predictions, i));
          if (task.answers === 'exact')
            expect('truth' in found && found.truth).toEqual(shown.map((one) => one.truth));
        },
      ),
      { numRuns: 60 },
    );

  it('of classes', () =>
    check('classification', { kind: 'class', classes: names }, names, (n) => wholes(n, 2), {
      decision: { kind: 'argmax' },
    }));

  it('of labels', () =>
    check('multilabel_classification', { kind: 'labels', labels: names }, names, (n) => wholes(3 * n, 1), {
      decision: { kind: 'threshold', at: 0.5 },
    }));

  it('of numbers', () =>
    check('regression', { kind: 'number', columns: names }, [], (n) => floats(3 * n), {
      decision: { kind: 'value' },
    }));

  it('unless the task is not known, or columns are missing', () => {
    const none = { outputs: ['a'], truth: [['1', '0']], prediction: [['1', '0']], scores: [['1', '0']] };
    expect(readKept('<script>', none)).toEqual({
      missing: 'this version of mlx knows no task "<script>"',
    });
    expect(readKept('multilabel_classification', none)).toEqual({
      missing: 'predictions.csv has no columns of 1 labels',
    });
  });
});
