import { inputsOf } from '../../base/examples.ts';
import { sizeOf } from '../../base/shape.ts';
import { compilePartWay } from '../../compile/index.ts';
import type { Config } from '../../config/config.ts';
import { networkOf } from '../../config/index.ts';
import type { Prepared } from '../../data/index.ts';
import type { State } from '../../engines/index.ts';
import { evaluateGraph } from '../../engines/reference/index.ts';
import { isWeight, type Plan, type StateSpec } from '../../plan/index.ts';
import type { FiltersExhibit, MapsExhibit } from '../../protocol/exhibits.ts';
import { expectedSeconds } from '../../train/expected-seconds.ts';
import { described, imageShape, type ScoredPart, shownValues } from './examples.ts';

const MOST_FILTERS = 64;
/** Weights of one filter that can be looked at. */
const MOST_WEIGHTS = 3 * 11 * 11;
const EXAMPLES = 3;
/**
 * Multiplications for the first maps of an example, in the plain interpreter: some hundredths of a second.
 */
const MOST_WORK = 4_000_000;
/** Of the layers behind it: how many, maps of each, and bytes of the maps of a layer. */
const MOST_LAYERS = 7;
const MOST_MAPS = 16;
const MOST_BYTES = 60_000;
/**
 * They may take this share of the time of the training, at the speed of the interpreter, and a second at
 * most.
 */
const SHARE = 0.01;
const INTERPRETED_A_SECOND = 1e8;

interface Convolution {
  readonly kernel: StateSpec;
  /** Its place in `plan.layers`. */
  readonly at: number;
  /** `[height, width, filters]`. */
  readonly shape: readonly [number, number, number];
  /** Multiplications for an example. */
  readonly work: number;
}

/**
 * Filters of the first convolution, and what all of them make of some examples; of networks without one,
 * nothing.
 */
export function convolution(
  config: Config,
  plan: Plan,
  state: State,
  data: Prepared,
  scored: ScoredPart,
): (FiltersExhibit | MapsExhibit)[] {
  const [first, ...others] = convolutionsOf(plan);
  const image = imageShape(data);
  if (!first || !image) return [];
  const filters = filtersOf(plan.layers[first.at]!.name, first.kernel, state);
  const maps = mapsOf(config, plan, first, others, state, data, scored);
  return [...(filters ? [filters] : []), ...(maps ? [{ ...maps, image }] : [])];
}

const convolutionsOf = (plan: Plan): Convolution[] =>
  plan.state.flatMap((kernel) => {
    if (!isWeight(kernel) || kernel.shape.length !== 4) return [];
    const at = plan.layers.findIndex(({ name }) => kernel.name.startsWith(`${name}/`));
    const shape = plan.layers[at]?.shape as Convolution['shape'] | undefined;
    return shape?.length === 3
      ? [{ kernel, at, shape, work: shape[0] * shape[1] * sizeOf(kernel.shape) }]
      : [];
  });

/** `[height, width, channels, filters]` as the network has them, to `[filters, height, width, channels]`. */
function filtersOf(layer: string, { name, shape }: StateSpec, state: State): FiltersExhibit | undefined {
  const [height, width, channels, count] = shape as [number, number, number, number];
  const size = height * width * channels;
  if (size > MOST_WEIGHTS || size < 2) return undefined;
  const weights = state.get(name)!;
  const shown = Math.min(count, MOST_FILTERS);
  const values = Array.from({ length: shown * size }, (_, i) => {
    const [filter, place] = [Math.floor(i / size), i % size];
    return Number(weights[place * count + filter]!.toPrecision(4));
  });
  return { kind: 'filters', layer, height, width, channels, count, values };
}

/** The worst example, the least sure right one and the surest of those that can be shown. */
function examplesShown(
  { at }: { readonly at: Uint32Array },
  { task, predictions: p, losses }: ScoredPart,
): number[] {
  const places = [...at.keys()].sort((a, b) => losses[at[b]!]! - losses[at[a]!]! || a - b);
  const firstRight = places.findIndex((k) => task.judge?.(p, at[k]!).right);
  const chosen = [places[0]!, places[firstRight < 0 ? 1 : firstRight], places.at(-1)];
  return [...new Set(chosen.filter((k) => k !== undefined))].slice(0, EXAMPLES);
}

function mapsOf(
  config: Config,
  plan: Plan,
  first: Convolution,
  others: readonly Convolution[],
  state: State,
  data: Prepared,
  scored: ScoredPart,
): MapsExhibit | undefined {
  const originals = data.originals[scored.part];
  if (!originals || originals.at.length === 0 || first.work > MOST_WORK) return undefined;
  const seconds = Math.min(1, SHARE * expectedSeconds(plan, config.training.epochs));
  const behind = affordable(first, others, (seconds * INTERPRETED_A_SECOND) / EXAMPLES);
  const shown = examplesShown(originals, scored);
  const positions = Uint32Array.from(shown, (k) => originals.at[k]!);
  const part = data[scored.part];
  const values = inputsOf(part).map(({ name, shape }) => {
    const x = new Float32Array(shown.length * sizeOf(shape));
    part.fill(name, x, positions, 0, shown.length);
    return [name, x] as const;
  });
  const places = [first, ...behind].map(({ at }) => at);
  const graph = compilePartWay(networkOf(config), data.inputs, places, shown.length);
  const outputs = evaluateGraph(graph, Object.fromEntries([...values, ...state]));
  const drawn = ({ at, shape }: Convolution, most: number) => {
    const [height, width, count] = shape;
    const size = height * width * count;
    const pictures = shown.map((_, i) =>
      asBytes(outputs[at]!.subarray(i * size, (i + 1) * size), count, Math.min(count, most)),
    );
    return { layer: { layer: plan.layers[at]!.name, height, width, count }, pictures };
  };
  const { layer, pictures } = drawn(first, MOST_FILTERS);
  const examples = shown.map((k, i) => ({
    example: { ...described(data, scored, originals.at[k]!), ...shownValues(data, originals, k, true) },
    ...pictures[i]!,
  }));
  const deeper = behind.map((one) => {
    const found = drawn(one, mapsShown(one));
    return { ...found.layer, examples: found.pictures };
  });
  return { kind: 'maps', ...layer, examples, deeper };
}

const mapsShown = ({ shape: [height, width] }: Convolution): number =>
  Math.min(MOST_MAPS, Math.floor(MOST_BYTES / (EXAMPLES * height * width)));

/**
 * Those behind the first of which something can be shown, as far as the work goes that all up to them take.
 */
function affordable(first: Convolution, others: readonly Convolution[], most: number): Convolution[] {
  let work = first.work;
  return others
    .filter((one) => {
      work += one.work;
      return work <= most && mapsShown(one) > 0;
    })
    .slice(0, MOST_LAYERS);
}

/** `[height, width, count]` of one example to `[first, height, width]` bytes, on one scale for all maps. */
function asBytes(values: Float64Array, count: number, first: number) {
  let [low, high] = [0, 0];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const places = values.length / count;
  const out = new Uint8Array(first * places);
  for (let f = 0; f < first; f++)
    for (let i = 0; i < places; i++)
      out[f * places + i] =
        high === low ? 0 : Math.round((255 * (values[i * count + f]! - low)) / (high - low));
  return { maps: Buffer.from(out).toString('base64'), low, high };
}
