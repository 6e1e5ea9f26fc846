import { describe, expect, it } from 'vitest';
import { dataSeed } from '../../src/config/index.ts';
import { askedGroup } from '../../src/study/groups/index.ts';
import { BASE, linesOf, load } from './helpers.ts';

describe('seeds', () => {
  it.each([
    ['a count goes up from `seed`', ['seeds=3', 'seed=7'], [7, 8, 9]],
    ['a list is as it is', ['seeds=[3, 1, 2]'], [3, 1, 2]],
  ])('%s', (_, set, seeds) => {
    const loaded = load(BASE, set);
    expect(loaded.config.seeds).toEqual(seeds);
    const { planned } = askedGroup(loaded)!;
    expect(planned.map(({ label }) => label)).toEqual(seeds.map((seed) => `seed ${seed}`));
    for (const { loaded: one } of planned) {
      expect(dataSeed(one.config)).toBe(loaded.config.seed);
      expect(one.config).toMatchObject({ seeds: null, expect: [] });
      expect(load(one.resolved).config).toEqual(one.config);
    }
  });

  it('a single run has none, and its data start at its seed', () => {
    const loaded = load(BASE, ['seed=5']);
    expect(askedGroup(loaded)).toBeUndefined();
    expect(dataSeed(loaded.config)).toBe(5);
    expect(dataSeed(load(BASE, ['seed=5', 'data.seed=6']).config)).toBe(6);
  });

  it.each([
    ['seeds=1', /expected a whole number from 2 to 1000 or a list of at least 2/],
    ['seeds=1e9', /expected a whole number from 2 to 1000/],
    ['seeds=[]', /a list of at least 2/],
    ['seeds=[1, 1]', /duplicate-seed: seed 1 stands in `seeds` twice/],
    ['seeds=[1, -1]', /`seeds\[1\]` of the config: expected a whole number of at least 0, found -1/],
    ['seeds={ a: 1 }', /found a map/],
    ['data.seed=x', /`seed` of data/],
  ])('%s is told', (override, message) => {
    expect(linesOf(BASE, [override])[0]).toMatch(message);
  });

  it('seeds beyond what a number holds are told', () => {
    expect(linesOf(BASE, ['seed=9007199254740991', 'seeds=2'])[0]).toMatch(/beyond 2\^53/);
  });
});
