// What all peers in JavaScript train on: seeded, since values matter little but must not be constant.
let seed = 1;
const random = () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
};

/** Uniform in ±scale. */
export const filled = (count, scale) =>
  Float32Array.from({ length: count }, () => (random() - 0.5) * 2 * scale);

/** Images of 784 pixels: bright in the middle, a constant background around, like a digit. */
export const pixels = (batch) =>
  Float32Array.from({ length: batch * 784 }, (_, i) => {
    const [row, column] = [Math.floor((i % 784) / 28), i % 28];
    return row >= 6 && row < 22 && column >= 6 && column < 22 ? random() : 0;
  });

export const labels = (batch) => Int32Array.from({ length: batch }, (_, i) => i % 10);

/** A mask of dropout: zero, or 1 / (1 - rate). */
export const mask = (shape, rate) =>
  Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () =>
    random() < rate ? 0 : 1 / (1 - rate),
  );
