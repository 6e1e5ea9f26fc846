/** Squares that are covered in turn: `size` wide, `stride` apart, the last ones at the border. */
export interface Squares {
  readonly size: number;
  readonly stride: number;
  readonly at: readonly (readonly [top: number, left: number])[];
}

/** About a seventh of the picture each, half over each other. */
export function squaresOf(height: number, width: number): Squares {
  const size = Math.max(1, Math.round(Math.min(height, width) / 7));
  const stride = Math.max(1, Math.floor(size / 2));
  const starts = (length: number) => {
    const last = Math.max(0, length - size);
    const out = Array.from({ length: Math.floor(last / stride) + 1 }, (_, i) => i * stride);
    return out.at(-1) === last ? out : [...out, last];
  };
  const at = starts(height).flatMap((top) => starts(width).map((left) => [top, left] as const));
  return { size, stride, at };
}

/** A picture `[height, width, channels]` with one square filled. */
export function covered(
  picture: Float32Array,
  [height, width, channels]: readonly [number, number, number],
  [top, left]: readonly [number, number],
  size: number,
  fill: number,
): Float32Array {
  const out = picture.slice();
  for (let y = top; y < Math.min(height, top + size); y++) {
    const right = Math.min(width, left + size);
    out.fill(fill, (y * width + left) * channels, (y * width + right) * channels);
  }
  return out;
}

/** For each pixel the mean of the falls of the squares that cover it, `[height, width]`. */
export function occlusionMap(
  height: number,
  width: number,
  { size, at }: Squares,
  falls: ArrayLike<number>,
): Float64Array {
  const sums = new Float64Array(height * width);
  const counts = new Float64Array(height * width);
  at.forEach(([top, left], s) => {
    for (let y = top; y < Math.min(height, top + size); y++)
      for (let x = left; x < Math.min(width, left + size); x++) {
        sums[y * width + x]! += falls[s]!;
        counts[y * width + x]!++;
      }
  });
  return sums.map((sum, i) => sum / Math.max(1, counts[i]!));
}
