import { sizeOf } from '../../base/shape.ts';
import type { AnyTask } from '../../catalog/tasks/index.ts';
import type { Originals, Prepared } from '../../data/index.ts';
import type { ExamplesExhibit, ImageSize, ShownExample } from '../../protocol/exhibits.ts';
import type { Predictions } from '../../protocol/predictions.ts';
import type { Column } from '../../readers/raw-data.ts';
import { textOf } from './values.ts';

export interface ScoredPart {
  readonly task: AnyTask;
  readonly part: 'test' | 'validation';
  readonly predictions: Predictions;
  /** `[count]`. */
  readonly losses: Float32Array;
}

/** Of mistakes (or largest errors), and of right answers for each class. */
const MOST_WRONG = 400;
const MOST_RIGHT = 3;
/** Right answers that are shown however many mistakes there are. */
const LEAST_RIGHT = 12;
/** Numbers of pictures or rows together. */
const MOST_VALUES = 600_000;
const MOST_COLUMNS = 40;

/**
 * Examples that a person would look at: mistakes by falling loss, and those right answers that were least
 * sure.
 */
export function examplesOf(data: Prepared, scored: ScoredPart): ExamplesExhibit | undefined {
  const { part, predictions } = scored;
  const originals = data.originals[part];
  if (!originals) return undefined;
  const { at } = originals;
  const image = imageShape(data);
  const columns = data.columns?.slice(0, MOST_COLUMNS);
  const width = image ? sizeOf(data.raw) : Math.max(1, columns?.length ?? Math.min(sizeOf(data.raw), 16));
  const most = Math.max(12, Math.min(MOST_WRONG, Math.floor(MOST_VALUES / width)));
  const list = chosen(at, scored, most).map((k) => ({
    ...described(data, scored, at[k]!),
    ...shownValues(data, originals, k, image !== undefined),
  }));
  return {
    kind: 'examples',
    part,
    answers: scored.task.answers,
    count: predictions.count,
    looked: at.length,
    ...(columns && { columns: columns.map(({ name }) => name) }),
    ...(image && { image }),
    list,
  };
}

/** Places in `at`, by falling loss. */
function chosen(at: Uint32Array, { task, predictions: p, losses }: ScoredPart, most: number): number[] {
  const places = [...at.keys()].sort((a, b) => losses[at[b]!]! - losses[at[a]!]! || a - b);
  const { judge } = task;
  if (!judge) return places.slice(0, most);
  const wrong = places.filter((k) => !judge(p, at[k]!).right).slice(0, most);
  const taken = new Map<number, number>();
  let kinds = false;
  const right = places.filter((k) => {
    const { right, kind } = judge(p, at[k]!);
    if (!right || kind === undefined) return right;
    kinds = true;
    const before = taken.get(kind) ?? 0;
    taken.set(kind, before + 1);
    return before < MOST_RIGHT;
  });
  return [...wrong, ...right.slice(0, kinds ? Math.max(most - wrong.length, LEAST_RIGHT) : LEAST_RIGHT)];
}

/** Example i of the part, as the task describes it. */
export const described = (
  data: Prepared,
  { part, task, predictions, losses }: ScoredPart,
  i: number,
): ShownExample => {
  const { truth, prediction, ...more } = task.describe(predictions, i);
  return { id: String(data[part].ids[i]!), truth, prediction, loss: losses[i]!, ...more };
};

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
