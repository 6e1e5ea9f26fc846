import { inOrder } from '../../base/order.ts';
import { streamKey, uniform } from '../../base/random.ts';

/** Ascending positions; with more rows than wanted one of each stretch, drawn by the seed. */
export function drawn(count: number, most: number, seed: number, name: string): Uint32Array {
  if (count <= most) return inOrder(count);
  const key = streamKey(seed, `audit/${name}`);
  return Uint32Array.from({ length: most }, (_, i) =>
    Math.min(count - 1, Math.floor(((i + uniform(key, i)) * count) / most)),
  );
}
