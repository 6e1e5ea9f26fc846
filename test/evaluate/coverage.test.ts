import { describe, expect, it } from 'vitest';
import { cases, coverage } from './coverage.ts';

// `npm run bench:coverage` does it with 1,000 draws; of 300, chance alone moves a share of 95% by 2.5%.
describe('95% intervals hold the truth about as often as they say', () => {
  it.each(cases)('$name', (one) => {
    const held = coverage(one, 300);
    expect(held).toBeGreaterThanOrEqual(0.915);
    expect(held).toBeLessThanOrEqual(0.98);
  });
});
