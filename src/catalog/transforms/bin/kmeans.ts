import type { TransformEntry } from '../transform.ts';
import { type BinParams, binFields, binned, fitBins } from './edges.ts';
import { evenly } from './uniform.ts';

const MOST_TURNS = 300;
const TOLERANCE = 1e-4;

/**
 * Lloyd's algorithm in one dimension from the middles of even bins: always the same. A centre without values
 * takes, as in scikit-learn, the value that is farthest from its own centre.
 */
function centres(sorted: Float64Array, count: number): number[] {
  const different = [...new Set(sorted)];
  if (different.length <= count) return different;
  const edges = evenly(sorted[0]!, sorted.at(-1)!, count);
  let found = Array.from({ length: count }, (_, i) => (edges[i]! + edges[i + 1]!) / 2);
  const mean = sorted.reduce((a, b) => a + b, 0) / sorted.length;
  const variance = sorted.reduce((sum, x) => sum + (x - mean) ** 2, 0) / sorted.length;
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    const next = means(sorted, found);
    const moved = next.reduce((sum, centre, k) => sum + (centre - found[k]!) ** 2, 0);
    found = next.sort((a, b) => a - b);
    if (moved <= TOLERANCE * variance) break;
  }
  return found;
}

/** Mean of the values nearest to each centre; both ascending on the way in. */
function means(sorted: Float64Array, found: readonly number[]): number[] {
  const sums = found.map(() => 0);
  const members = found.map(() => 0);
  const owner = new Int32Array(sorted.length);
  let k = 0;
  sorted.forEach((x, i) => {
    while (k + 1 < found.length && x > (found[k]! + found[k + 1]!) / 2) k++;
    owner[i] = k;
    sums[k] = sums[k]! + x;
    members[k] = members[k]! + 1;
  });
  const empty = members.flatMap((n, c) => (n === 0 ? [c] : []));
  if (empty.length > 0) {
    const far = (i: number) => Math.abs(sorted[i]! - found[owner[i]!]!);
    const order = [...sorted.keys()].sort((a, b) => far(b) - far(a) || a - b);
    empty.forEach((c, e) => {
      const i = order[e]!;
      sums[owner[i]!] = sums[owner[i]!]! - sorted[i]!;
      members[owner[i]!] = members[owner[i]!]! - 1;
      [sums[c], members[c]] = [sorted[i]!, 1];
    });
  }
  return sums.map((sum, c) => (members[c]! > 0 ? sum / members[c]! : found[c]!));
}

/**
 * KBinsDiscretizer's `kmeans`: values of a bin have the same nearest centre. As many values as bins are
 * centres themselves.
 */
export const kmeans: TransformEntry<BinParams> = {
  ...binned,
  name: 'kmeans',
  help: 'bins around the centres of clusters',
  get schema() {
    return binFields();
  },
  fit: (rows, params) =>
    fitBins(rows, params, (sorted) => {
      const found = centres(sorted, params.bins);
      const between = found.slice(1).map((centre, k) => (centre + found[k]!) / 2);
      return [sorted[0]!, ...between, sorted.at(-1)!];
    }),
};
