import { compilePartWay } from '../../compile/index.ts';
import type { Config } from '../../config/config.ts';
import type { Prepared } from '../../data/index.ts';
import type { State } from '../../engines/index.ts';
import { evaluateGraph } from '../../engines/reference/index.ts';
import { sizeOf } from '../../graph/index.ts';
import type { Plan, StateSpec } from '../../plan/index.ts';
import type { Exhibits, FilterExhibit, MapExhibit } from '../../record/index.ts';
import { described, imageShape, type ScoredPart, shownValues } from './examples.ts';

const MOST_FILTERS = 64;
/** Weights of one filter that can be looked at. */
const MOST_WEIGHTS = 3 * 11 * 11;
const EXAMPLES = 3;
/** Multiplications for the maps of an example, in the plain interpreter: some hundredths of a second. */
const MOST_WORK = 4_000_000;

/** Filters of the first convolution, and what they make of some examples; of networks without one, nothing. */
export function convolution(
  config: Config,
  plan: Plan,
  state: State,
  data: Prepared,
  scored: ScoredPart,
): Pick<Exhibits, 'filters' | 'maps'> {
  const kernel = plan.state.find(({ role, shape }) => role === 'weight' && shape.length === 4);
  if (!kernel || !imageShape(data)) return {};
  const layer = plan.layers.findIndex(({ name }) => kernel.name.startsWith(`${name}/`));
  if (layer < 0) return {};
  const filters = filtersOf(plan.layers[layer]!.name, kernel, state);
  const maps = mapsOf(config, plan, kernel, layer, state, data, scored);
  return { ...(filters && { filters }), ...(maps && { maps }) };
}

/** `[height, width, channels, filters]` as the network has them, to `[filters, height, width, channels]`. */
function filtersOf(layer: string, { name, shape }: StateSpec, state: State): FilterExhibit | undefined {
  const [height, width, channels, count] = shape as [number, number, number, number];
  const size = height * width * channels;
  if (size > MOST_WEIGHTS || size < 2) return undefined;
  const weights = state.get(name)!;
  const shown = Math.min(count, MOST_FILTERS);
  const values = Array.from({ length: shown * size }, (_, i) => {
    const [filter, place] = [Math.floor(i / size), i % size];
    return Number(weights[place * count + filter]!.toPrecision(4));
  });
  return { layer, height, width, channels, count, values };
}

/** The worst example, the least sure right one and the surest of those that can be shown. */
function examplesShown(
  { at }: { readonly at: Uint32Array },
  { predictions: p, losses }: ScoredPart,
): number[] {
  const places = [...at.keys()].sort((a, b) => losses[at[b]!]! - losses[at[a]!]! || a - b);
  const firstRight = places.findIndex((k) => p.predicted?.[at[k]!] === p.truth[at[k]!]);
  const chosen = [places[0]!, places[firstRight < 0 ? 1 : firstRight], places.at(-1)];
  return [...new Set(chosen.filter((k) => k !== undefined))].slice(0, EXAMPLES);
}

function mapsOf(
  config: Config,
  plan: Plan,
  kernel: StateSpec,
  layer: number,
  state: State,
  data: Prepared,
  scored: ScoredPart,
): MapExhibit | undefined {
  const originals = data.originals[scored.part];
  const [height, width, count] = plan.layers[layer]!.shape as [number, number, number];
  const work = height * width * sizeOf(kernel.shape);
  if (!originals || originals.at.length === 0 || work > MOST_WORK) return undefined;
  const shown = examplesShown(originals, scored);
  const x = new Float32Array(shown.length * sizeOf(data.shape));
  const positions = Uint32Array.from(shown, (k) => originals.at[k]!);
  data[scored.part].fill(x, positions, 0, shown.length);
  const graph = compilePartWay(config, data.shape, layer, shown.length);
  const output = evaluateGraph(graph, { x, ...Object.fromEntries(state) })['output']!;
  const size = height * width * count;
  const first = Math.min(count, MOST_FILTERS);
  return {
    layer: plan.layers[layer]!.name,
    height,
    width,
    count,
    examples: shown.map((k, i) => ({
      example: {
        ...described(data, scored, originals.at[k]!),
        ...shownValues(data, originals, k, true),
      },
      ...asBytes(output.subarray(i * size, (i + 1) * size), count, first),
    })),
  };
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
