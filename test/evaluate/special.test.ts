import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  beta,
  betaQuantile,
  logGamma,
  normalCdf,
  normalQuantile,
  studentCdf,
  studentQuantile,
} from '../../src/evaluate/special.ts';

// SciPy's numbers, see make-statistics.py there.
const fixtures: Record<string, number[][]> = JSON.parse(
  readFileSync(new URL('../fixtures/statistics.json', import.meta.url), 'utf8'),
);

describe('special functions', () => {
  const functions: Record<string, (...x: number[]) => number> = {
    log_gamma: (x) => logGamma(x!),
    beta: (x, a, b) => beta(x!, a!, b!),
    beta_quantile: (q, a, b) => betaQuantile(q!, a!, b!),
    normal: (x) => normalCdf(x!),
    normal_quantile: (q) => normalQuantile(q!),
    student: (t, f) => studentCdf(t!, f!),
    student_quantile: (q, f) => studentQuantile(q!, f!),
  };
  // SciPy's own ppf of Student's t is off by 5e-9 (its cdf says so).
  const within = (name: string) => (name === 'student_quantile' ? 1e-8 : 1e-9);

  it.each(Object.keys(functions))('%s agrees with SciPy', (name) => {
    for (const row of fixtures[name]!) {
      const expected = row.at(-1)!;
      const found = functions[name]!(...row.slice(0, -1));
      expect(
        Math.abs(found - expected),
        `${name}(${row.slice(0, -1)}): ${found} for ${expected}`,
      ).toBeLessThan(within(name) * Math.max(1, Math.abs(expected)));
    }
  });

  it('reaches the ends of its ranges', () => {
    expect([beta(0, 2, 3), beta(1, 2, 3)]).toEqual([0, 1]);
    expect([normalCdf(Number.NEGATIVE_INFINITY), normalCdf(Number.POSITIVE_INFINITY)]).toEqual([0, 1]);
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
  });
});
