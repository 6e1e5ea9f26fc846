import { describe, expect, it } from 'vitest';
import { hashesBelow } from '../../src/catalog/audits/hash.ts';

const rows = (count: number, value: (i: number) => number) => ({
  count,
  shape: [2],
  row(i: number, out: Float64Array) {
    out[0] = value(i);
    out[1] = Math.floor(i / 2);
  },
});

describe('hashes of rows', () => {
  it('a sample by hash is a share of the rows that has equal ones together', () => {
    const all = hashesBelow(
      rows(40_000, () => 3),
      1,
    );
    const some = hashesBelow(
      rows(40_000, () => 3),
      0.25,
    );
    expect(all.at).toHaveLength(40_000);
    expect(some.at.length / 40_000).toBeCloseTo(0.25, 1);
    const kept = new Set(some.at);
    for (const i of some.at) expect(kept.has(i ^ 1)).toBe(true);
    some.at.forEach((i, k) => {
      expect(some.hashes[k]).toBe(all.hashes[i]);
    });
  });

  it('0 and -0 are equal, and so is every NaN; others differ', () => {
    const of = (value: number) =>
      hashesBelow(
        rows(1, () => value),
        1,
      ).hashes[0];
    expect(of(0)).toBe(of(-0));
    expect(of(Number.NaN)).toBe(of(Number.NaN));
    expect(of(1)).not.toBe(of(0));
  });
});
