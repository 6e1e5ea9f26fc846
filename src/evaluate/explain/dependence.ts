/**
 * Partial dependence (Friedman 2001), scikit-learn's `method="brute"`: for each point of the grid the mean of
 * what the model gives, all examples having that value in one column.
 * @param values `[count, width]`
 * @param mean of each output over the examples that it is handed
 * @returns `[points][outputs]`
 */
export async function partialDependence(
  values: Float64Array,
  width: number,
  column: number,
  grid: readonly number[],
  mean: (values: Float64Array) => Promise<readonly number[]>,
): Promise<number[][]> {
  const means: number[][] = [];
  for (const point of grid) {
    const given = values.slice();
    for (let at = column; at < given.length; at += width) given[at] = point;
    means.push([...(await mean(given))]);
  }
  return means;
}
