import { inOrder } from '../base/order.ts';
import { shuffled, streamKey } from '../base/random.ts';
import { classesOf } from '../catalog/tasks/index.ts';
import type { RawData } from '../readers/raw-data.ts';

/**
 * A share of the training rows, ascending, at least one. Rows stand in one drawn order in which the rows of
 * each class are spread evenly, and the first ones are taken: so classes keep their shares to a row, and a
 * larger share holds all rows of a smaller one.
 */
export function subsample(raw: RawData, rows: Uint32Array, share: number, seed: number): Uint32Array {
  if (share >= 1 || rows.length === 0) return rows;
  const named = classesOf(raw.target);
  const classes = named?.length ?? 1;
  const classOf = (row: number) => (named ? raw.y[row]! : 0);
  const counts = new Float64Array(classes);
  for (const row of rows) counts[classOf(row)] = counts[classOf(row)]! + 1;
  const seen = new Float64Array(classes);
  const place = new Float64Array(rows.length);
  const order = shuffled(inOrder(rows.length), streamKey(seed, 'split/subsample'));
  for (const i of order) {
    const k = classOf(rows[i]!);
    place[i] = (seen[k]! + 0.5) / counts[k]!;
    seen[k] = seen[k]! + 1;
  }
  const kept = order
    .sort((a, b) => place[a]! - place[b]! || classOf(rows[a]!) - classOf(rows[b]!))
    .slice(0, Math.max(1, Math.round(share * rows.length)))
    .sort();
  const taken = new Uint32Array(new SharedArrayBuffer(4 * kept.length));
  kept.forEach((i, k) => {
    taken[k] = rows[i]!;
  });
  return taken;
}
