import { cases, coverage, large } from '../evaluate/coverage.ts';

/** How often 95% intervals hold a known truth, of 1,000 draws: `npm run bench:coverage`. */
const DRAWS = 1000;
const chosen = process.argv.includes('--large') ? [...cases, ...large] : cases;
for (const one of chosen) {
  const held = coverage(one, DRAWS);
  const verdict = held >= 0.93 && held <= 0.97 ? '' : '  outside of 93 to 97%';
  console.log(`${(100 * held).toFixed(1)}%  ${one.name}${verdict}`);
}
