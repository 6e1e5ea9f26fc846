import { describe, expect, it } from 'vitest';
import type { Explanation } from '../../src/evaluate/explain/index.ts';
import { beside, heatMap } from '../../src/report/explain/heat-map.ts';
import { explanationLines } from '../../src/report/explain/index.ts';

const base = { format: 1, run: 'experiments/x/1', split: 'test', examples: 9, looked: 9 } as const;
const row = (answers: Explanation['answers'], truth: string, prediction: string): Explanation => ({
  ...base,
  task: 'any',
  answers,
  example: {
    kind: 'row',
    id: 4,
    truth,
    prediction,
    class: 'y\u001b[31m',
    score: 0.5,
    columns: [{ column: 'a', value: '\u001b[2J', effect: -0.25 }],
  },
});

describe('an explanation in the terminal', () => {
  it('marks a wrong class, never a number, and lets no name steer the terminal', () => {
    const lines = explanationLines(row('exact', 'no', 'yes'), ['explain/example-4.json']);
    expect(lines[1]).toBe('truth no, predicted yes ✗');
    expect(lines.join('\n')).not.toContain('\u001b');
    expect(lines.join('\n')).toMatch(/-0\.2500 {2}░{20}/);
    expect(lines.at(-1)).toBe('files    explain/example-4.json');
    expect(explanationLines(row('distance', '7.7', '7.18'), [])[1]).toBe('truth 7.7, predicted 7.18');
  });

  it('heat maps: shades for, dots against, at most 38 columns wide', () => {
    expect(heatMap([1, 0, 1, 0], 2, 2)).toEqual(['█ ']);
    expect(heatMap([1, -1, 1, -0.5], 2, 2)).toEqual(['█-']);
    expect(heatMap([0, 0], 1, 2)).toEqual(['  ']);
    const wide = heatMap(new Array<number>(100 * 60).fill(1), 60, 100);
    expect([wide.length, wide[0]!.length]).toEqual([10, 34]);
    expect(beside(['ab', 'c'], ['x'])).toEqual(['ab    x', 'c']);
  });
});
