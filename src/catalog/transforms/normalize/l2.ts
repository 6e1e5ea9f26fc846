import { sizeOf } from '../../../base/shape.ts';
import { noFields } from '../../fields.ts';
import type { TransformEntry } from '../transform.ts';

/** scikit-learn's Normalizer: each example by its own Euclidean length; an example of zeros stays. */
export const l2: TransformEntry<Record<string, never>> = {
  name: 'l2',
  help: 'each example divided by its own Euclidean length',
  get schema() {
    return noFields();
  },
  stateless: true,
  shape: (input) => input,
  fit: (rows) => ({ summary: 'each example to length 1', shape: rows.shape }),
  apply(fitted, rows, count) {
    const out = rows.slice();
    const width = sizeOf(fitted.shape);
    for (let i = 0; i < count; i++) {
      const row = out.subarray(i * width, (i + 1) * width);
      const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
      if (length > 0) for (let j = 0; j < width; j++) row[j] = row[j]! / length;
    }
    return out;
  },
  emit(g, x) {
    const axes = x.shape.map((_, i) => i).slice(1);
    const length = g.sqrt(g.sum(g.square(x), axes)); // [batch]
    const divisor = g.select(g.equal(length, 0), 1, length);
    return g.div(x, g.spread(divisor, axes, x.shape));
  },
};
