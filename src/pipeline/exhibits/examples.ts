import { sizeOf } from '../../base/shape.ts';
import { countsOfExample } from '../../catalog/metrics/labels.ts';
import { scoreOf } from '../../catalog/metrics/scores.ts';
import type { Originals, Prepared } from '../../data/index.ts';
import { labelsText } from '../../evaluate/labels-text.ts';
import type { ExamplesExhibit, ImageSize, ShownExample } from '../../protocol/exhibits.ts';
import type { LabelPredictions, Predictions } from '../../protocol/predictions.ts';
import type { Column } from '../../readers/raw-data.ts';
import { textOf } from './values.ts';

export interface ScoredPart {
  readonly part: 'test' | 'validation';
  readonly predictions: Predictions;
  /** `[count]`. */
  readonly losses: Float32Array;
}

/** Of mistakes (or largest errors), and of right answers for each class. */
const MOST_WRONG = 400;
const MOST_RIGHT = 3;
/** Numbers of pictures or rows together. */
const MOST_VALUES = 600_000;
const MOST_COLUMNS = 40;

/** Examples that a person would look at: mistakes by falling loss, and those right answers that were least sure. */
export function examplesOf(data: Prepared, scored: ScoredPart): ExamplesExhibit | undefined {
  const { part, predictions, losses } = scored;
  const originals = data.originals[part];
  if (!originals) return undefined;
  const { at } = originals;
  const image = imageShape(data);
  const columns = data.columns?.slice(0, MOST_COLUMNS);
  const width = image ? sizeOf(data.raw) : Math.max(1, columns?.length ?? Math.min(sizeOf(data.raw), 16));
  const most = Math.max(12, Math.min(MOST_WRONG, Math.floor(MOST_VALUES / width)));
  const list = chosen(at, predictions, losses, most).map((k) => ({
    ...described(data, scored, at[k]!),
    ...shownValues(data, originals, k, image !== undefined),
  }));
  return {
    kind: 'examples',
    part,
    answers: predictions.form === 'numbers' ? 'distance' : 'exact',
    count: predictions.count,
    looked: at.length,
    ...(columns && { columns: columns.map(({ name }) => name) }),
    ...(image && { image }),
    list,
  };
}

/** Places in `at`, by falling loss. */
function chosen(at: Uint32Array, p: Predictions, losses: Float32Array, most: number): number[] {
  const places = [...at.keys()].sort((a, b) => losses[at[b]!]! - losses[at[a]!]! || a - b);
  if (p.form === 'numbers') return places.slice(0, most);
  const { predicted, truth } = p;
  if (p.form === 'labels') return byLabels(places, at, p, most);
  const wrong = places.filter((k) => predicted[at[k]!] !== truth[at[k]!]).slice(0, most);
  const taken = new Map<number, number>();
  const right = places.filter((k) => {
    const label = truth[at[k]!]!;
    if (predicted[at[k]!] !== label) return false;
    const before = taken.get(label) ?? 0;
    taken.set(label, before + 1);
    return before < MOST_RIGHT;
  });
  const room = Math.max(0, most - wrong.length);
  return [...wrong, ...right.slice(0, Math.max(room, 12))];
}

/** Examples with a wrong label first, then the least sure of the right ones. */
function byLabels(places: readonly number[], at: Uint32Array, p: LabelPredictions, most: number): number[] {
  const isWrong = (k: number) => {
    const { fp, fn } = countsOfExample(p, at[k]!);
    return fp + fn > 0;
  };
  const wrong = places.filter(isWrong).slice(0, most);
  return [...wrong, ...places.filter((k) => !isWrong(k)).slice(0, Math.min(12, most))];
}

export function described(
  data: Prepared,
  { part, predictions: p, losses }: ScoredPart,
  i: number,
): ShownExample {
  const { units, truth, scores } = p;
  const [id, loss] = [String(data[part].ids[i]!), losses[i]!];
  const numbers = (from: Float32Array | Int32Array) =>
    Array.from(from.subarray(i * units, (i + 1) * units), (v) => textOf(v)).join(', ');
  if (p.form === 'labels')
    return { id, truth: labelsText(p, truth, i), prediction: labelsText(p, p.predicted, i), loss };
  if (p.form === 'numbers') return { id, truth: numbers(truth), prediction: numbers(scores), loss };
  return {
    id,
    truth: p.classes[truth[i]!]!,
    prediction: p.classes[p.predicted[i]!]!,
    loss,
    ...(!p.margins && { confidence: scoreOf(p, i, p.predicted[i]!) }),
  };
}

export function imageShape({ raw, columns }: Prepared): ImageSize | undefined {
  const [height, width, channels = 1] = raw;
  if (columns || raw.length < 2 || raw.length > 3 || (channels !== 1 && channels !== 3)) return undefined;
  return height! > 1 && width! > 1 ? { height: height!, width: width!, channels } : undefined;
}

/** An example as people know it: its pixels, or its row. */
export function shownValues(
  data: Prepared,
  { x }: Originals,
  k: number,
  image: boolean,
): Pick<ShownExample, 'pixels' | 'values'> {
  const width = sizeOf(data.raw);
  const row = x.subarray(k * width, (k + 1) * width);
  if (image)
    return { pixels: Buffer.from(row instanceof Uint8Array ? row : bytesOf(row)).toString('base64') };
  const columns = data.columns?.slice(0, MOST_COLUMNS);
  const cell = (value: number, j: number) => textOf(value, columns?.[j] as Column | undefined);
  return { values: Array.from(row.subarray(0, columns?.length ?? 16), cell) };
}

/** Numbers from 0 to 1, or any others from their smallest to their largest, as 0 to 255. */
function bytesOf(row: Float32Array): Uint8Array {
  let [low, high] = [0, 1];
  for (const value of row) [low, high] = [Math.min(low, value), Math.max(high, value)];
  if (low === 0 && high > 1 && high <= 255) high = 255;
  return Uint8Array.from(row, (value) => Math.round((255 * (value - low)) / (high - low)));
}
