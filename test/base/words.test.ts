import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/base/sha256.ts';
import { counted, plural, thousands } from '../../src/base/words.ts';

describe('counts in messages', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [1_234_567, '1,234,567'],
  ])('thousands(%d) is %s', (count, text) => expect(thousands(count)).toBe(text));

  it('gives one a noun of its own, and nothing else', () => {
    expect([0, 1, 2].map((n) => plural(n, 'row'))).toEqual(['0 rows', '1 row', '2 rows']);
    expect(plural(3, 'class', 'classes')).toBe('3 classes');
    expect(plural(1, 'class', 'classes')).toBe('1 class');
    expect(plural(7000, 'row')).toBe('7000 rows');
    expect([1, 7000].map((n) => counted(n, 'row'))).toEqual(['1 row', '7,000 rows']);
  });
});

describe('sha256', () => {
  it('is that of FIPS 180-2, for bytes and for the UTF-8 of a text', () => {
    const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(sha256('abc')).toBe(abc);
    expect(sha256(new Uint8Array([97, 98, 99]))).toBe(abc);
  });
});
