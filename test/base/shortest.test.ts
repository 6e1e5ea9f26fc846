import { describe, expect, it } from 'vitest';
import { bits, streamKey } from '../../src/base/random.ts';
import { shortest } from '../../src/base/shortest.ts';

/** By definition: fewest digits first. */
function plainly(value: number): string {
  for (let digits = 1; digits <= 9; digits++) {
    const decimal = Number(value.toPrecision(digits));
    if (Math.fround(decimal) === value) return String(decimal);
  }
  throw new Error(`nine digits don't give ${value} back`);
}

describe('shortest', () => {
  it('has the fewest digits that read back as the same float32', () => {
    const words = new Int32Array(20_000);
    const key = streamKey(1, 'shortest');
    for (let i = 0; i < words.length; i++) words[i] = bits(key, i);
    for (const value of new Float32Array(words.buffer)) {
      if (!Number.isFinite(value)) continue;
      expect(shortest(value)).toBe(plainly(value));
    }
  });

  it('so at every power of two, where float32s lie unevenly, and beside it', () => {
    for (let exponent = -149; exponent < 128; exponent++) {
      const power = 2 ** exponent;
      for (const value of [
        power,
        -power,
        Math.fround(power * (1 + 2 ** -23)),
        Math.fround(power * (1 - 2 ** -24)),
      ])
        expect(shortest(value)).toBe(plainly(value));
    }
  });

  it('of whole numbers, of none, of other doubles', () => {
    for (const value of [0, 1, 7, 255, 999_999, 1_000_000, 16_777_216, -12])
      expect(shortest(value)).toBe(String(value));
    expect(shortest(0.1)).toBe('0.1');
    expect(shortest(Math.fround(0.1))).toBe('0.1');
    expect([Number.NaN, Number.POSITIVE_INFINITY].map(shortest)).toEqual(['NaN', 'Infinity']);
  });
});
