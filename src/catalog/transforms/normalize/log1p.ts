import { dataError } from '../../../errors.ts';
import { noFields } from '../../fields.ts';
import type { TransformEntry } from '../transform.ts';

/** log(1 + x) for counts and amounts, which are never negative. */
export const log1p: TransformEntry<Record<string, never>> = {
  name: 'log1p',
  help: 'log(1 + x), for values that are never negative',
  get schema() {
    return noFields();
  },
  stateless: true,
  shape: (input) => input,
  fit: (rows) => ({ summary: 'log(1 + x)', shape: rows.shape }),
  apply(_, rows) {
    const negative = rows.find((value) => value < 0);
    if (negative !== undefined)
      throw dataError('negative-value', `log1p needs values of at least 0; found ${negative}`, {
        help: 'take `standard` or `robust` for values of either sign',
      });
    return rows.map(Math.log1p);
  },
  /**
   * log(u) · x / (u - 1) with u = fl(1 + x), Goldberg's way: exact to float32 also near 0 (Theorem 4 of his
   * 1991 paper).
   */
  emit(g, x) {
    const u = g.add(x, 1);
    const tiny = g.equal(u, 1);
    const divisor = g.select(tiny, 1, g.sub(u, 1));
    return g.select(tiny, x, g.mul(g.log(u), g.div(x, divisor)));
  },
};
