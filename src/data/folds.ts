/** Which of k folds each row is in, from 0; by scikit-learn's rules. */

/** KFold: the first n mod k folds have a row more; each takes the next rows in the order given. */
export function byFolds(order: Uint32Array, folds: number): Uint16Array {
  const of = new Uint16Array(order.length);
  for (let fold = 0, at = 0; fold < folds; fold++) {
    const size = Math.floor(order.length / folds) + (fold < order.length % folds ? 1 : 0);
    for (const end = at + size; at < end; at++) of[order[at]!] = fold;
  }
  return of;
}

/**
 * StratifiedKFold: classes in the order of their first rows, dealt out to the folds in turn, so that both the
 * classes of a fold and the sizes of folds differ by one at most.
 * @param mixed the order in which a class's places are filled
 */
export function byStrata(
  labels: Int32Array,
  folds: number,
  mixed: (order: Uint32Array) => Uint32Array,
): Uint16Array {
  const rowsOf = new Map<number, number[]>();
  labels.forEach((label, i) => {
    const rows = rowsOf.get(label);
    if (rows) rows.push(i);
    else rowsOf.set(label, [i]);
  });
  const of = new Uint16Array(labels.length);
  let dealt = 0;
  for (const rows of rowsOf.values()) {
    const counts = new Array<number>(folds).fill(0);
    for (let i = 0; i < rows.length; i++, dealt++) counts[dealt % folds]!++;
    const places = counts.flatMap((count, fold) => new Array<number>(count).fill(fold));
    mixed(Uint32Array.from(rows)).forEach((row, i) => {
      of[row] = places[i]!;
    });
  }
  return of;
}

/**
 * GroupKFold: the largest group first, each to the fold with the fewest rows.
 * @param order of groups of the same size; of scikit-learn, which has no seed here, the last one first
 */
export function byGroups(
  groups: Uint32Array,
  folds: number,
  order: Uint32Array,
  lastFirst: boolean,
): Uint16Array {
  const sizes = new Float64Array(order.length);
  for (const group of groups) sizes[group] = sizes[group]! + 1;
  const ranked = [...(lastFirst ? order.toReversed() : order)].sort((a, b) => sizes[b]! - sizes[a]!);
  const filled = new Float64Array(folds);
  const foldOf = new Uint16Array(order.length);
  for (const group of ranked) {
    const fold = filled.indexOf(Math.min(...filled));
    foldOf[group] = fold;
    filled[fold] = filled[fold]! + sizes[group]!;
  }
  return Uint16Array.from(groups, (group) => foldOf[group]!);
}

/**
 * StratifiedGroupKFold: groups whose classes are the least even first, each to the fold after which classes
 * are spread the most evenly.
 */
export function byStratifiedGroups(
  groups: Uint32Array,
  labels: Int32Array,
  folds: number,
  order: Uint32Array,
): Uint16Array {
  const present = Array.from(new Set(labels)).sort((a, b) => a - b);
  const column = new Map(present.map((label, i) => [label, i]));
  const none = () => new Array<number>(present.length).fill(0);
  const [counts, totals] = [Array.from(order, none), none()];
  groups.forEach((group, i) => {
    const c = column.get(labels[i]!)!;
    counts[group]![c]!++;
    totals[c]!++;
  });
  const ranked = [...order].sort((a, b) => deviation(counts[b]!) - deviation(counts[a]!));
  const held = Array.from({ length: folds }, none);
  const foldOf = new Uint16Array(order.length);
  for (const group of ranked) {
    const add = (fold: number, sign: number) => {
      for (let c = 0; c < totals.length; c++) held[fold]![c]! += sign * counts[group]![c]!;
    };
    let best = { fold: 0, uneven: Number.POSITIVE_INFINITY, rows: Number.POSITIVE_INFINITY };
    for (let fold = 0; fold < folds; fold++) {
      add(fold, 1);
      const spread = totals.map((total, c) => deviation(held.map((counts) => counts[c]! / total)));
      add(fold, -1);
      const rows = held[fold]!.reduce((a, b) => a + b);
      const uneven = spread.reduce((a, b) => a + b) / spread.length;
      const close = Math.abs(uneven - best.uneven) <= 1e-8 + 1e-5 * Math.abs(best.uneven);
      if (uneven < best.uneven || (close && rows < best.rows)) best = { fold, uneven, rows };
    }
    foldOf[group] = best.fold;
    add(best.fold, 1);
  }
  return Uint16Array.from(groups, (group) => foldOf[group]!);
}

/** Of a population. */
function deviation(values: readonly number[]): number {
  const mean = values.reduce((a, b) => a + b) / values.length;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
}
