import { expect, it } from 'vitest';
import { reference } from '../../src/config/index.ts';

const all = reference();
const field = (path: string, of?: string) => all.filter((each) => each.path === path && each.of === of);

it('says name, range, default and help of fields at every depth', () => {
  expect(field('training.batch_size')).toEqual([
    {
      path: 'training.batch_size',
      expected: 'a whole number of at least 1',
      required: false,
      default: 32,
      help: 'Examples in one step.',
    },
  ]);
  expect(field('optimizer.learning_rate', 'sgd')).toMatchObject([
    { expected: 'a number greater than 0', default: 0.01, required: false },
  ]);
  expect(field('architecture[].dense.units')).toMatchObject([
    { required: true, expected: 'a whole number of at least 1' },
  ]);
  expect(field('data.features[].normalize.axis', 'standard')).toHaveLength(1);
  expect(field('training.early_stopping.patience')).toMatchObject([{ default: 0 }]);
});

it('has help for every field', () => {
  expect(all.filter(({ help }) => help === undefined).map(({ path }) => path)).toEqual([]);
});
