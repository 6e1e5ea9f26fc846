import { describe, expect, it } from 'vitest';
import { transforms } from '../../src/catalog/transforms/index.ts';
import { testTransform } from './transform.ts';
import { CASES } from './transform-cases.ts';

for (const [name, cases] of Object.entries(CASES)) {
  const [kind, type] = name.split(' ') as [string, string];
  describe.each(cases)(`${name} %j`, (given) => {
    testTransform(transforms.get(kind)!.get(type)!, given);
  });
}

it('every transform of the catalogue is tried', () => {
  const all = [...transforms].flatMap(([kind, types]) => [...types.keys()].map((type) => `${kind} ${type}`));
  expect(Object.keys(CASES).sort()).toEqual(all.sort());
});
