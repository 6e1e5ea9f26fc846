/**
 * MurmurHash3 x86 32-bit (Appleby, public domain) of the text's UTF-8 bytes, seed 0, signed: what
 * scikit-learn's FeatureHasher takes.
 */
export function murmur3(text: string): number {
  const bytes = new TextEncoder().encode(text);
  const mixed = (k: number) => {
    const once = Math.imul(k, 0xcc9e2d51);
    return Math.imul((once << 15) | (once >>> 17), 0x1b873593);
  };
  let h = 0;
  const whole = bytes.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    const k = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    h ^= mixed(k);
    h = (h << 13) | (h >>> 19);
    h = (Math.imul(h, 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let i = bytes.length - 1; i >= whole; i--) tail = (tail << 8) | bytes[i]!;
  if (whole < bytes.length) h ^= mixed(tail);
  h ^= bytes.length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) | 0;
}
