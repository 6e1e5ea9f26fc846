import type { Position } from '../../errors.ts';

/** Text to parse and where it stands: a whole file, or the value of one `--set`. */
export interface YamlSource {
  readonly text: string;
  readonly file: string;
  /** Characters before `text` on its first line. */
  readonly shift?: number;
}

/** The position of the characters from `start` to before `end`. */
export type Place = (start: number, end: number) => Position;

/** Offsets to lines and columns; the underline ends with the line. */
export function placer(text: string, source: YamlSource): Place {
  const starts = [0];
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  return (start, end) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= start) low = middle;
      else high = middle - 1;
    }
    const from = starts[low]!;
    const to = Math.min(end, low + 1 < starts.length ? starts[low + 1]! - 1 : text.length);
    const length = Math.max(1, text.slice(start, to).trimEnd().length);
    return {
      file: source.file,
      line: low + 1,
      column: start - from + 1 + (low === 0 ? (source.shift ?? 0) : 0),
      length,
    };
  };
}
