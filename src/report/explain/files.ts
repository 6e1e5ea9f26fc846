import type { Explanation, Extreme, ImageExplanation, Pictures } from '../../evaluate/explain/index.ts';
import { png } from '../page/png.ts';
import { explanationJson } from './index.ts';

interface ExplanationFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Pixels of a picture's side in PNG files, at least. */
const SHOWN = 140;

/** What a run's `explain/` keeps: numbers as JSON, pictures as PNG. */
export function explanationFiles(explanation: Explanation): ExplanationFile[] {
  const { example, extremes, pictures } = explanation;
  const name = example ? `example-${example.id}` : 'model';
  const pretty = JSON.stringify(JSON.parse(explanationJson(explanation)), null, 1);
  const files: ExplanationFile[] = [{ name: `${name}.json`, bytes: Buffer.from(`${pretty}\n`) }];
  if (example?.kind === 'image') files.push({ name: `${name}.png`, bytes: maps(example) });
  if (extremes && pictures)
    for (const kind of ['typical', 'wrong'] as const) {
      const rows = extremes.map((one) => one[kind]);
      if (rows.some((row) => row.length > 0))
        files.push({ name: `${kind}.png`, bytes: contactSheet(rows, pictures) });
    }
  return files;
}

type Colour = readonly [number, number, number];

/** White is 0, orange speaks for the class, blue against it. */
function colour(value: number, most: number): Colour {
  const size = Math.min(1, Math.abs(value) / most);
  const end: Colour = value < 0 ? [0, 92, 171] : [217, 95, 2];
  return end.map((c) => Math.round(255 + (c - 255) * size)) as unknown as Colour;
}

/** Picture, saliency, integrated gradients and occlusion side by side, enlarged. */
function maps({
  height,
  width,
  channels,
  pixels,
  saliency,
  integrated_gradients,
  occlusion,
}: ImageExplanation) {
  const grey = (i: number): Colour => {
    const at = (c: number) => Math.max(0, Math.min(255, pixels[i * channels + Math.min(c, channels - 1)]!));
    return [at(0), at(1), at(2)];
  };
  const heat = (values: readonly number[]) => {
    const most = Math.max(...values.map(Math.abs)) || 1;
    return (i: number) => colour(values[i]!, most);
  };
  const panels = [grey, heat(saliency), heat(integrated_gradients.values), heat(occlusion.values)];
  const zoom = Math.max(1, Math.ceil(SHOWN / Math.max(height, width)));
  return draw([panels], height, width, zoom);
}

function contactSheet(rows: readonly (readonly Extreme[])[], { height, width, channels, pixels }: Pictures) {
  const panels = rows.map((row) =>
    row.map(({ id }) => (i: number): Colour => {
      const at = (c: number) => pixels[id]![i * channels + Math.min(c, channels - 1)]!;
      return [at(0), at(1), at(2)];
    }),
  );
  return draw(panels, height, width, Math.max(1, Math.ceil(SHOWN / 2 / Math.max(height, width))));
}

const GAP = 4;

/** Rows of panels on white; each gives the colour of its pixel i. */
function draw(
  rows: readonly (readonly ((i: number) => Colour)[])[],
  height: number,
  width: number,
  zoom: number,
): Buffer {
  const columns = Math.max(1, ...rows.map((row) => row.length));
  const [cellHeight, cellWidth] = [height * zoom + GAP, width * zoom + GAP];
  const [all, line] = [rows.length * cellHeight, columns * cellWidth];
  const out = new Uint8Array(all * line * 3).fill(255);
  rows.forEach((row, r) => {
    row.forEach((panel, c) => {
      for (let y = 0; y < height * zoom; y++)
        for (let x = 0; x < width * zoom; x++) {
          const pixel = panel(Math.floor(y / zoom) * width + Math.floor(x / zoom));
          out.set(pixel, ((r * cellHeight + y) * line + c * cellWidth + x) * 3);
        }
    });
  });
  return png(out, all, line, 3);
}
