import { describe, expect, it } from 'vitest';
import { suggest } from '../../src/config/tree/suggest.ts';

describe('did you mean', () => {
  it.each([
    ['conv2D', ['dense', 'conv2d'], 'conv2d'],
    ['Conv2D', ['dense', 'conv2d'], 'conv2d'],
    ['MaxPooling2D', ['max_pooling2d', 'average_pooling2d'], 'max_pooling2d'],
    ['optimzer', ['optimizer', 'loss'], 'optimizer'],
    ['adm', ['sgd', 'adam', 'adamw'], 'adam'],
    ['learning_rat', ['learning_rate', 'beta_1'], 'learning_rate'],
    ['lr', ['learning_rate', 'rho'], 'learning_rate'],
    ['lr', ['units', 'rate'], undefined],
    ['zebra', ['sgd', 'adam'], undefined],
    ['a', ['lr'], undefined],
    ['x'.repeat(100_000), ['adam'], undefined],
  ])('%s', (name, known, meant) => {
    expect(suggest(name, known)).toBe(meant);
  });
});
