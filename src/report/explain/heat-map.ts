import { padEnd, textWidth } from '../width.ts';

/** Columns of one map at most: two stand beside each other. */
const WIDTH = 38;
const FOR = ' ░▒▓█';
const AGAINST = ' .:-=';

/**
 * A picture of numbers `[height, width]` in characters, each of which is the mean of a block about twice as
 * high as wide. Shades are values above 0, dots and dashes below; the largest size is the darkest.
 */
export function heatMap(values: readonly number[], height: number, width: number): string[] {
  const across = Math.ceil(width / WIDTH);
  const down = 2 * across;
  const rows: number[][] = [];
  for (let top = 0; top < height; top += down) {
    const row: number[] = [];
    for (let left = 0; left < width; left += across) {
      let [sum, cells] = [0, 0];
      for (let y = top; y < Math.min(height, top + down); y++)
        for (let x = left; x < Math.min(width, left + across); x++) {
          sum += values[y * width + x]!;
          cells++;
        }
      row.push(sum / cells);
    }
    rows.push(row);
  }
  const most = Math.max(...rows.flat().map(Math.abs)) || 1;
  const shade = (value: number) => {
    const scale = value < 0 ? AGAINST : FOR;
    return scale[Math.min(scale.length - 1, Math.round((Math.abs(value) / most) * (scale.length - 1)))]!;
  };
  return rows.map((row) => row.map(shade).join(''));
}

/** Two blocks of lines side by side. */
export function beside(left: readonly string[], right: readonly string[]): string[] {
  const width = Math.max(...left.map(textWidth)) + 4;
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i) =>
    `${padEnd(left[i] ?? '', width)}${right[i] ?? ''}`.trimEnd(),
  );
}
