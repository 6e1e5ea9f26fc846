import type {
  DeeperMaps,
  FiltersExhibit,
  LayersExhibit,
  MapsExhibit,
  ShownExample,
} from '../../protocol/exhibits.ts';
import { count } from '../format.ts';
import { html, table } from '../page/html.ts';
import { exampleText } from './confusion.ts';
import { diverging, picture, sane, sheet, titled } from './parts.ts';
import type { DrawnPage } from './run-page.ts';

/** Layers, and weights where they are few. */
export function layersSection(
  { layers, input: shape, inputs }: LayersExhibit,
  { record }: DrawnPage,
): string {
  const graph = layers.some(({ inputs }) => inputs);
  const sizes = (shape: readonly number[]) => shape.map((n) => count(n)).join(' × ');
  const rows = layers.map(({ name, type, shape, parameters, inputs: read = [] }) => [
    html(name),
    html(type),
    sizes(shape),
    parameters === 0 ? '' : count(parameters),
    ...(graph ? [html(read.join(', '))] : []),
  ]);
  const entering = (inputs ?? [{ name: '', shape }]).map((one) => [
    html(one.name),
    'input',
    sizes(one.shape),
    '',
    ...(graph ? [''] : []),
  ]);
  const weights = Object.entries(record?.result?.weights ?? {}).map(
    ([name, values]) =>
      `<p><code>${html(name)}</code> [${values.map((v) => html(String(v))).join(', ')}]</p>`,
  );
  return titled(
    'Network',
    'exhibits.json, plan.txt',
    'What each layer hands on for one example, and how many numbers it has learned.',
    [
      `<div class="tight">${table(['layer', 'type', 'output', 'parameters', ...(graph ? ['reads'] : [])], [...entering, ...rows], { numeric: [3], label: 'layers' })}</div>`,
      ...weights,
    ].join('\n'),
  );
}

/** Of one channel: orange above zero, blue below. Of three: as colours. */
export function filtersBlock({ layer, height, width, channels, count: all, values }: FiltersExhibit): string {
  if (!sane(height, width, channels)) return '';
  const size = height * width * channels;
  const shown = Math.min(64, Math.floor(values.length / size));
  const tiles = Array.from({ length: shown }, (_, f) => {
    const own = values.slice(f * size, (f + 1) * size);
    const most = Math.max(...own.map(Math.abs)) || 1;
    const tile = new Uint8Array(height * width * 3);
    for (let i = 0; i < height * width; i++)
      if (channels === 3)
        for (let k = 0; k < 3; k++) tile[3 * i + k] = Math.round(127.5 * (1 + own[3 * i + k]! / most));
      else tile.set(diverging(mean(own.slice(i * channels, (i + 1) * channels)) / most), 3 * i);
    return tile;
  });
  const scale = Math.max(2, Math.floor(30 / Math.max(height, width)));
  const which = shown < all ? `The first ${shown} of ${count(all)} filters` : `All ${count(all)} filters`;
  const how = channels === 3 ? 'weights as red, green and blue' : 'orange lets through, blue takes away';
  return `<h3>Filters of ${html(layer)}</h3><p class="soft">${which}, ${height} × ${width} weights each: ${how}, each on its own scale. Smooth edges and blobs have learned something; noise has not.</p>${sheet(tiles, height, width, { across: 16, scale, alt: `filters of ${layer}` })}`;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Tiles of `[maps, height, width]` bytes as base64. */
function mapSheet(
  { layer, height, width }: Pick<MapsExhibit, 'layer' | 'height' | 'width'>,
  maps: string,
  { id }: ShownExample,
): string {
  const bytes = Buffer.from(maps, 'base64');
  const size = height * width;
  const tiles = Array.from({ length: Math.min(64, Math.floor(bytes.length / size)) }, (_, m) => {
    const tile = new Uint8Array(size * 3);
    for (let i = 0; i < size; i++) tile.fill(bytes[m * size + i]!, 3 * i, 3 * i + 3);
    return tile;
  });
  const scale = Math.max(1, Math.floor(56 / Math.max(height, width)));
  return sheet(tiles, height, width, {
    across: 16,
    scale,
    alt: `feature maps of ${layer} for example ${id}`,
  });
}

const caption = ({ truth, prediction, id }: ShownExample): string =>
  `<figcaption>${html(truth)}, taken for ${html(prediction)}<br>id ${html(id)}</figcaption>`;

/** What convolutions make of some examples: the first one, then those behind it. */
export const mapsBlock = (maps: MapsExhibit): string =>
  [firstMaps(maps), ...maps.deeper.map((one) => deeperBlock(one, maps))].join('\n');

function firstMaps(maps: MapsExhibit): string {
  const { layer, height, width, count: all, examples, image } = maps;
  if (!sane(height, width)) return '';
  const blocks = examples.map(({ example, maps: bytes }) => {
    const own = image ? picture(example.pixels ?? '', image, exampleText(example), 'one') : '';
    return `<div class="maps"><figure>${own}${caption(example)}</figure>${mapSheet(maps, bytes, example)}</div>`;
  });
  return `<h3>What ${html(layer)} makes of three examples</h3><p class="soft">The worst example, the least sure right one and the surest, each with its ${count(all)} feature maps: bright is where a filter answers. Maps that are black for all examples belong to filters that do nothing.</p>${blocks.join('\n')}`;
}

function deeperBlock(one: DeeperMaps, { examples: shown }: MapsExhibit): string {
  const { layer, height, width, count: all, examples } = one;
  if (!sane(height, width)) return '';
  const tiles = Math.floor(Buffer.from(examples[0]?.maps ?? '', 'base64').length / (height * width));
  const which =
    tiles < all ? `The first ${tiles} of its ${count(all)} feature maps` : `Its ${count(all)} feature maps`;
  const blocks = shown.flatMap(({ example }, i) =>
    examples[i]
      ? [
          `<div class="maps"><figure>${caption(example)}</figure>${mapSheet(one, examples[i].maps, example)}</div>`,
        ]
      : [],
  );
  return `<h3>What ${html(layer)} makes of them</h3><p class="soft">${which}, ${height} × ${width} each.</p>${blocks.join('\n')}`;
}
