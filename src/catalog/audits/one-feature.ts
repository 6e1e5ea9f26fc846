/**
 * How well one column alone tells the target of rows that it wasn't looked up from: the rows are dealt into
 * two halves, and each is predicted from the nearest values of the other one (their mean or most frequent
 * class, over all rows with that value).
 * @param values of a column; rows without a value share one of their own
 * @param classes how many there are, of a target of classes
 * @returns R² for numbers, at most 1; for classes the mean recall, scaled so that 0 is guessing and 1 is
 * right everywhere
 */
export function oneFeatureScore(values: Float64Array, labels: Float64Array, classes?: number): number {
  const order = Uint32Array.from(values.keys());
  const key = (i: number) => (Number.isNaN(values[i]!) ? Number.POSITIVE_INFINITY : values[i]!);
  order.sort((a, b) => key(a) - key(b) || a - b);
  const halves = [0, 1].map(
    (half) =>
      new Lookup(
        order.filter((i) => i % 2 === half),
        key,
        labels,
        classes !== undefined,
      ),
  );
  const predicted = Float64Array.from(values.keys(), (i) => halves[1 - (i % 2)]!.at(key(i)));
  return classes === undefined ? r2(predicted, labels) : meanRecall(predicted, labels, classes);
}

/** Ascending different values of one half, with what their rows say. */
class Lookup {
  private readonly values: number[] = [];
  private readonly says: number[] = [];

  constructor(order: Uint32Array, key: (i: number) => number, labels: Float64Array, byClass: boolean) {
    for (let from = 0; from < order.length; ) {
      const value = key(order[from]!);
      let to = from;
      while (to < order.length && key(order[to]!) === value) to++;
      const rows = order.subarray(from, to);
      this.values.push(value);
      this.says.push(byClass ? mode(rows, labels) : mean(rows, labels));
      from = to;
    }
  }

  at(value: number): number {
    const { values, says } = this;
    let low = 0;
    let high = values.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[middle]! < value) low = middle + 1;
      else high = middle;
    }
    if (low === values.length) return says[low - 1]!;
    if (low === 0 || values[low] === value) return says[low]!;
    return value - values[low - 1]! <= values[low]! - value ? says[low - 1]! : says[low]!;
  }
}

function mode(rows: Uint32Array, labels: Float64Array): number {
  const counts = new Map<number, number>();
  let best = labels[rows[0]!]!;
  for (const i of rows) {
    const label = labels[i]!;
    const count = (counts.get(label) ?? 0) + 1;
    counts.set(label, count);
    if (count > (counts.get(best) ?? 0)) best = label;
  }
  return best;
}

const mean = (rows: Uint32Array, labels: Float64Array) =>
  rows.reduce((sum, i) => sum + labels[i]!, 0) / rows.length;

function meanRecall(predicted: Float64Array, labels: Float64Array, classes: number): number {
  const right = new Float64Array(classes);
  const all = new Float64Array(classes);
  labels.forEach((label, i) => {
    all[label] = all[label]! + 1;
    if (predicted[i] === label) right[label] = right[label]! + 1;
  });
  const recalls = [...all.keys()].filter((c) => all[c]! > 0).map((c) => right[c]! / all[c]!);
  if (recalls.length < 2) return 0;
  const guessing = 1 / recalls.length;
  const score = recalls.reduce((a, b) => a + b, 0) / recalls.length;
  return Math.max(0, (score - guessing) / (1 - guessing));
}

function r2(predicted: Float64Array, labels: Float64Array): number {
  const average = labels.reduce((a, b) => a + b, 0) / labels.length;
  let [residual, total] = [0, 0];
  labels.forEach((label, i) => {
    residual += (label - predicted[i]!) ** 2;
    total += (label - average) ** 2;
  });
  return total > 0 ? Math.max(0, 1 - residual / total) : 0;
}
