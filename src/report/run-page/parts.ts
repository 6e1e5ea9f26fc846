import { html } from '../page/html.ts';
import { png } from '../page/png.ts';

/** A heading with the file that its numbers stand in, a sentence for those who learn, and the rest. */
export const titled = (title: string, file: string, why: string, body: string): string =>
  `<h2>${title}<span class="from">${file}</span></h2>\n${why === '' ? '' : `<p class="soft">${why}</p>`}\n${body}`;

export const dataUri = (bytes: Buffer): string => `data:image/png;base64,${bytes.toString('base64')}`;

interface Size {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Largest picture that a folder may ask for, in bytes. */
const MOST = 1 << 22;

/** A picture of bytes `[height, width, channels]`; nothing where they aren't that. */
export function picture(pixels: string, size: Size, alt: string, cls = ''): string {
  const { height, width, channels } = size;
  const bytes = Buffer.from(pixels, 'base64');
  if (![height, width].every((n) => Number.isInteger(n) && n > 0) || (channels !== 1 && channels !== 3))
    return '';
  if (bytes.length !== height * width * channels || bytes.length > MOST) return '';
  const uri = dataUri(png(bytes, height, width, channels));
  return `<img${cls && ` class="${cls}"`} alt="${html(alt)}" title="${html(alt)}" src="${uri}">`;
}

/**
 * Small pictures in rows on one sheet, `scale` pixels for each of theirs. `tiles` are `[height, width, 3]`.
 */
export function sheet(
  tiles: readonly Uint8Array[],
  height: number,
  width: number,
  { across, scale, alt }: { readonly across: number; readonly scale: number; readonly alt: string },
): string {
  const columns = Math.min(across, tiles.length);
  const rows = Math.ceil(tiles.length / columns);
  const gap = Math.max(1, Math.round(2 / scale));
  const [h, w] = [rows * (height + gap) - gap, columns * (width + gap) - gap];
  if (h * w > MOST) return '';
  const out = new Uint8Array(h * w * 3).fill(128);
  tiles.forEach((tile, t) => {
    const [top, left] = [Math.floor(t / columns) * (height + gap), (t % columns) * (width + gap)];
    for (let y = 0; y < height; y++)
      out.set(tile.subarray(y * width * 3, (y + 1) * width * 3), ((top + y) * w + left) * 3);
  });
  const uri = dataUri(png(out, h, w, 3));
  return `<img class="sheet" width="${w * scale}" height="${h * scale}" alt="${html(alt)}" src="${uri}">`;
}

export const pngUri = (pixels: Uint8Array, height: number, width: number): string =>
  dataUri(png(pixels, height, width, 3));

/** Where an interval lies on a common scale: a line from end to end with a dot. */
export function whisker(
  value: number,
  interval: readonly [number, number] | undefined,
  [from, to]: readonly [number, number],
  { zero, other = false }: { readonly zero?: number; readonly other?: boolean } = {},
): string {
  const x = (v: number) => Math.round((10 + (240 * (v - from)) / (to - from || 1)) * 10) / 10;
  const line = interval
    ? `<path d="M${x(interval[0])} 9H${x(interval[1])}M${x(interval[0])} 5v8M${x(interval[1])} 5v8"/>`
    : '';
  const at = zero === undefined ? '' : `<path class="zero" d="M${x(zero)} 0v18"/>`;
  return `<svg class="whisker${other ? ' other' : ''}" aria-hidden="true" viewBox="0 0 260 18" preserveAspectRatio="none">${at}${line}<circle cx="${x(value)}" cy="9" r="4"/></svg>`;
}

/** Whole percents, tenths where they are few or nearly all; never 100% for less. */
export function percent(value: number): string {
  if (value > 0.995 && value < 1) return `${(Math.floor(value * 1000) / 10).toFixed(1)}%`;
  return `${(100 * value).toFixed(value >= 0.0995 || value === 0 ? 0 : 1)}%`;
}

/** Whether a picture may have such sides. */
export const sane = (...sizes: readonly number[]): boolean =>
  sizes.every((n) => Number.isInteger(n) && n > 0 && n <= 512);

/** -1 blue, 0 white, 1 orange. */
export function diverging(value: number): [number, number, number] {
  const [r, g, b] = value < 0 ? [59, 130, 196] : [232, 135, 30];
  const share = Math.min(1, Math.abs(value));
  const mix = (c: number) => Math.round(250 + share * (c - 250));
  return [mix(r!), mix(g!), mix(b!)];
}
