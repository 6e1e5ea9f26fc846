import { cases, coverage, large } from '../evaluate/coverage.ts';
import { studies, studyCoverage, unstable } from '../evaluate/cross-validation.ts';
import { countOf } from './count.mjs';

/**
 * How often 95% intervals hold a known truth: `npm run bench:coverage -- [draws] [--folds] [--large]`, 1,000 draws unless asked otherwise.
 * `--folds` adds cross-validations and seeds, whose models are trained anew for each draw: a quarter of an hour.
 */
const asked = process.argv.slice(3);
const draws = countOf(
  asked.find((one) => !one.startsWith('--')),
  'draws',
  1000,
);
const verdict = (held: number) => (held >= 0.93 && held <= 0.97 ? '' : ' outside of 93 to 97%');
const percent = (held: number) => `${(100 * held).toFixed(1)}%`;

for (const one of asked.includes('--large') ? [...cases, ...large] : cases) {
  const held = coverage(one, draws);
  console.log(`${percent(held)}  ${one.name}${verdict(held)}`);
}
const trained = (makers: typeof studies) => {
  for (const make of makers) {
    const study = make(draws);
    console.log(study.name);
    for (const [name, held] of Object.entries(studyCoverage(study, draws)))
      console.log(`  ${percent(held)}  ${name}${verdict(held)}`);
  }
};
if (asked.includes('--folds')) {
  trained(studies);
  console.log('\nLearners that follow single rows:');
  trained(unstable);
}
