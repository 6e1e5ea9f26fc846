import { describe, expect, it } from 'vitest';
import { cases, coverage } from './coverage.ts';
import { small, studyCoverage } from './cross-validation.ts';

// `npm run bench:coverage` does it with 1,000 draws; of 300, chance alone moves a share of 95% by 2.5%.
const DRAWS = 300;
const [LEAST, MOST] = [0.915, 0.98];

describe('95% intervals hold the truth about as often as they say', () => {
  it.each(cases)('$name', (one) => {
    const held = coverage(one, DRAWS);
    expect(held).toBeGreaterThanOrEqual(LEAST);
    expect(held).toBeLessThanOrEqual(MOST);
  });

  it.each(small.map((make) => make(DRAWS)))('$name', (study) => {
    for (const [name, held] of Object.entries(studyCoverage(study, DRAWS))) {
      expect(held, name).toBeGreaterThanOrEqual(LEAST);
      expect(held, name).toBeLessThanOrEqual(MOST);
    }
  });
});
