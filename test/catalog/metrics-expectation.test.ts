import { describe, expect, it } from 'vitest';
import { Misfit } from '../../src/base/misfit.ts';
import { holds, parseExpectation } from '../../src/catalog/expectation.ts';

describe('parseExpectation', () => {
  it.each([
    ['test.accuracy >= 0.97', 'test.accuracy', '>=', 0.97],
    ['accuracy >= 1', 'accuracy', '>=', 1],
    ['val_loss < 0.1', 'val_loss', '<', 0.1],
    ['  validation.r2>-1e-3 ', 'validation.r2', '>', -0.001],
    ['train.loss == 0', 'train.loss', '==', 0],
    ['test.mean_absolute_error <= .5', 'test.mean_absolute_error', '<=', 0.5],
  ])('reads %j', (text, quantity, operator, bound) => {
    expect(parseExpectation(text)).toEqual({ quantity, operator, bound });
  });

  it.each([
    ['', /a quantity, a comparison and a number/, /test\.accuracy >= 0\.97/],
    ['accuracy', /a quantity, a comparison and a number/, /write it as/],
    ['>= 0.9', /expected a quantity, found ""/, /name a metric/],
    ['accuracy >=', /expected a number, found ""/, /write it as/],
    ['accuracy => 0.9', /`=>` is no comparison/, />=, >, <=, < and ==/],
    ['accuracy = 0.9', /`=` is no comparison/, />=/],
    ['accuracy ≥ 0.9', /`≥` is no comparison/, />=/],
    ['accuracy != 0.9', /`!=` is no comparison/, />=/],
    ['0.5 < accuracy < 0.9', /a quantity, a comparison and a number/, /write it as/],
    ['tset.accuracy > 0.9', /expected a quantity, found "tset\.accuracy"/, /`test\.`/],
    ['test.a.b > 0.9', /expected a quantity/, /name a metric/],
    ['accuracy > 97%', /expected a number, found "97%"/, /0\.97/],
    ['accuracy > 0x10', /expected a number/, /write it as/],
    ['accuracy > Infinity', /expected a number/, /write it as/],
    ['accuracy > 1e999', /expected a number/, /write it as/],
    ['accuracy > 0,97', /expected a number/, /write it as/],
    [`${'a'.repeat(5000)}`, /…/, /write it as/],
  ])('refuses %j', (text, message, help) => {
    let error: unknown;
    try {
      parseExpectation(text);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(Misfit);
    const misfit = error as Misfit;
    expect(misfit.code).toBe('expectation');
    expect(misfit.message).toMatch(message);
    expect(misfit.message.length).toBeLessThan(200);
    expect(misfit.help).toMatch(help);
  });
});

describe('holds', () => {
  const table: [string, boolean, boolean, boolean][] = [
    ['>=', false, true, true],
    ['>', false, false, true],
    ['==', false, true, false],
    ['<=', true, true, false],
    ['<', true, false, false],
  ];
  it.each(table)('compares with %s', (operator, below, equal, above) => {
    const expectation = parseExpectation(`accuracy ${operator} 0.5`);
    expect([0.4, 0.5, 0.6].map((accuracy) => holds(expectation, { accuracy }))).toEqual([
      below,
      equal,
      above,
    ]);
  });

  it('is not met by what is missing, NaN, or inherited', () => {
    expect(holds(parseExpectation('accuracy >= 0'), {})).toBe(false);
    expect(holds(parseExpectation('loss < 1'), { loss: Number.NaN })).toBe(false);
    expect(holds(parseExpectation('toString > 0'), {})).toBe(false);
  });
});
