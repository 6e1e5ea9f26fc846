import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { align } from '../../src/study/align.ts';
import { configDifferences } from '../../src/study/config-differences.ts';
import { configTree } from '../../src/study/config-values.ts';

const differences = (...texts: (string | undefined)[]) => configDifferences(texts.map(configTree));
const network = (...layers: string[]) => `architecture: [${layers.map((l) => `{ ${l} }`).join(', ')}]\n`;
const [flat, wide, thin, drop, last] = [
  'flatten: {}',
  'dense: { units: 128, activation: relu }',
  'dense: { units: 64, activation: relu }',
  'dropout: { rate: 0.5 }',
  'dense: { units: 10, activation: linear }',
];

describe('configDifferences', () => {
  it('shows a layer that was inserted, and nothing after it', () => {
    expect(differences(network(flat, wide, last), network(flat, wide, drop, last))).toEqual({
      differences: [{ path: 'architecture[2].dropout', values: [null, '{ rate: 0.5 }'], change: 'inserted' }],
      same: 5,
    });
  });

  it('shows one that was removed, seen from the baseline', () => {
    const { differences: found } = differences(network(flat, drop, wide, last), network(flat, wide, last));
    expect(found).toEqual([
      { path: 'architecture[1].dropout', values: ['{ rate: 0.5 }', null], change: 'removed' },
    ]);
  });

  it('takes a layer whose settings changed for the same one, also behind an inserted one', () => {
    expect(differences(network(flat, wide, last), network(flat, drop, thin, last)).differences).toEqual([
      { path: 'architecture[1].dropout', values: [null, '{ rate: 0.5 }'], change: 'inserted' },
      { path: 'architecture[1].dense.units', values: ['128', '64'] },
    ]);
    // Of two dense layers the unchanged ones are matched.
    expect(differences(network(flat, wide, last), network(flat, thin, wide, last)).differences).toMatchObject(
      [{ path: 'architecture[1].dense', change: 'inserted' }],
    );
  });

  it('shows a layer of another kind as one removed and one inserted', () => {
    const { differences: found } = differences(network(flat, last), network('global_average: {}', last));
    expect(found.map(({ path, values, change }) => [path, ...values, change])).toEqual([
      ['architecture[0].flatten', '{}', null, 'removed'],
      ['architecture[0].global_average', null, '{}', 'inserted'],
    ]);
  });

  it('lays several runs against each other', () => {
    const texts = [network(flat, last), network(flat, drop, last), network(flat, wide, drop, last)];
    expect(differences(...texts).differences).toEqual([
      {
        path: 'architecture[1].dense',
        values: [null, null, '{ units: 128, activation: relu }'],
        change: 'inserted',
      },
      {
        path: 'architecture[1].dropout',
        values: [null, '{ rate: 0.5 }', '{ rate: 0.5 }'],
        change: 'inserted',
      },
    ]);
  });

  it('aligns lists of words, and compares lists of numbers by their places', () => {
    expect(differences('a: [x, y]\nb: [3, 3]', 'a: [w, x, z]\nb: [5, 5, 1]').differences).toEqual([
      { path: 'a[0]', values: [null, 'w'], change: 'inserted' },
      { path: 'a[1]', values: ['y', 'z'] },
      { path: 'b[0]', values: ['3', '5'] },
      { path: 'b[1]', values: ['3', '5'] },
      { path: 'b[2]', values: [null, '1'] },
    ]);
  });

  it('compares lists that are empty, absent, or not lists at all', () => {
    expect(differences('rows: []', 'rows: [{ filter: x > 0 }]').differences).toEqual([
      { path: 'rows[0].filter', values: [null, 'x > 0'], change: 'inserted' },
    ]);
    expect(differences('rows: []', 'rows: []')).toEqual({ differences: [], same: 1 });
    expect(
      differences('a: 1', 'a: [x]', 'a: { b: 2 }').differences.map(({ path, values }) => [path, ...values]),
    ).toEqual([
      ['a', '1', null, null],
      ['a.b', null, null, '2'],
      ['a[0]', null, 'x', null],
    ]);
    expect(differences('a: 1', undefined, '[').differences).toEqual([
      { path: 'a', values: ['1', null, null] },
    ]);
    expect(differences(undefined, undefined)).toEqual({ differences: [], same: 0 });
  });

  it('takes very long lists and very deep ones', () => {
    const rows = (n: number) => `rows: [${Array.from({ length: n }, (_, i) => `{ x: ${i} }`).join()}]`;
    const { differences: found, same } = differences(rows(3000), rows(2999).replace('{ x: 7 }', '{ x: 0 }'));
    expect([found.length, same]).toEqual([2, 2998]);
    const deep = (end: number) => `a: ${'['.repeat(90)}${end}${']'.repeat(90)}`;
    expect(differences(deep(1), deep(2)).differences).toHaveLength(1);
  });
});

describe('align', () => {
  const letters = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 7 });
  const cost = (a: string, b: string) => (a === b ? 0 : Number.POSITIVE_INFINITY);
  /** Length of the longest common subsequence, by the definition. */
  const longest = (a: readonly string[], b: readonly string[]): number =>
    a.length === 0 || b.length === 0
      ? 0
      : a[0] === b[0]
        ? 1 + longest(a.slice(1), b.slice(1))
        : Math.max(longest(a.slice(1), b), longest(a, b.slice(1)));

  it('keeps all items in order, and matches as many as can be', () => {
    fc.assert(
      fc.property(letters, letters, letters, (a, b, c) => {
        const slots = align([a, b, c], cost);
        [a, b, c].forEach((list, k) => {
          expect(slots.map((s) => s[k]).filter((item) => item !== undefined)).toEqual(list);
        });
        const two = align([a, b], cost);
        expect(two.filter(([x, y]) => x !== undefined && x === y)).toHaveLength(longest(a, b));
        expect(two.every(([x, y]) => x === undefined || y === undefined || x === y)).toBe(true);
      }),
    );
  });
});
