import { streamKey, uniform } from '../../base/random.ts';
import { transforms } from '../../catalog/transforms/index.ts';
import type { Column } from '../../readers/raw-data.ts';
import type { Projection } from './look.ts';
import { tsne } from './tsne.ts';

const LEVELS = 20;

/**
 * Rows as points: numbers standardized, missing values at the mean, categories as 0/1 columns (the 20 most
 * frequent levels).
 * @param values column by column
 * @returns `[count, width]`, row-major
 */
export function tablePoints(
  columns: readonly Column[],
  values: readonly Float64Array[],
  count: number,
): Float64Array {
  const axes = columns.flatMap(({ kind, levels = [] }, j) => {
    const of = values[j]!;
    if (kind === 'text') return [];
    if (kind !== 'category') return [standardized(of)];
    const counts = levels.map((_, level) => of.reduce((n, value) => n + Number(value === level), 0));
    const top = [...levels.keys()].sort((a, b) => counts[b]! - counts[a]! || a - b).slice(0, LEVELS);
    return top.map((level) =>
      Float64Array.from(of, (value) => Number(value === level) - counts[level]! / Math.max(1, count)),
    );
  });
  const out = new Float64Array(count * axes.length);
  axes.forEach((axis, k) => {
    for (let i = 0; i < count; i++) out[i * axes.length + k] = axis[i]!;
  });
  return out;
}

function standardized(values: Float64Array): Float64Array {
  const present = values.filter((value) => !Number.isNaN(value));
  const mean = present.reduce((a, b) => a + b, 0) / Math.max(1, present.length);
  const std = Math.sqrt(present.reduce((a, b) => a + (b - mean) ** 2, 0) / Math.max(1, present.length));
  return values.map((value) => (Number.isNaN(value) || std === 0 ? 0 : (value - mean) / std));
}

/** Images in few numbers: means over squares, so that at most about 200 remain. */
export function imagePoints(
  rows: readonly Float64Array[],
  [height, width, channels = 1]: readonly number[],
): Float64Array {
  let side = 1;
  while (Math.ceil(height! / side) * Math.ceil(width! / side) * channels > 200) side++;
  const [h, w] = [Math.ceil(height! / side), Math.ceil(width! / side)];
  const out = new Float64Array(rows.length * h * w * channels);
  rows.forEach((row, i) => {
    for (let y = 0; y < height!; y++)
      for (let x = 0; x < width!; x++)
        for (let c = 0; c < channels; c++) {
          const to = ((i * h + Math.floor(y / side)) * w + Math.floor(x / side)) * channels + c;
          out[to]! += row[(y * width! + x) * channels + c]! / (255 * side * side);
        }
  });
  return out;
}

/**
 * The same rows three ways: pca, UMAP and t-SNE, each the same for the same seed. Fewer than 10 rows or 2
 * numbers make no picture.
 */
export async function project(x: Float64Array, count: number, seed: number): Promise<Projection[]> {
  const width = x.length / Math.max(1, count);
  if (count < 10 || width < 2) return [];
  const entry = transforms.get('reduce')!.get('pca')!;
  const row = (i: number, out: Float64Array) => out.set(x.subarray(i * width, (i + 1) * width));
  const fitted = entry.fit(
    { count, shape: [width], row, stream: streamKey(seed, 'look/pca') },
    { components: 2, whiten: false },
  );
  const flat = entry.apply(fitted, x, count, {});
  const pca = Array.from({ length: count }, (_, i) => [flat[2 * i]!, flat[2 * i + 1]!] as const);
  const ratios = fitted.facts?.['explained_variance_ratio'];
  const explained = Array.isArray(ratios) ? ratios.slice(0, 2) : undefined;
  return [
    { method: 'pca', points: pca, ...(explained && { explained }) },
    { method: 'umap', points: await umap(x, count, width, seed) },
    { method: 'tsne', points: tsne(x, count, { seed }) },
  ];
}

/** umap-js (McInnes, Healy & Melville 2018) with random bits from the seed. */
async function umap(
  x: Float64Array,
  count: number,
  width: number,
  seed: number,
): Promise<[number, number][]> {
  const { UMAP } = await import('umap-js');
  const key = streamKey(seed, 'look/umap');
  let drawn = 0;
  const made = new UMAP({
    nComponents: 2,
    nNeighbors: Math.min(15, count - 1),
    nEpochs: 300,
    random: () => uniform(key, drawn++),
  });
  const rows = Array.from({ length: count }, (_, i) => Array.from(x.subarray(i * width, (i + 1) * width)));
  return made.fit(rows) as [number, number][];
}
