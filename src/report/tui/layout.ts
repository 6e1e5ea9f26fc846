export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** `wide`: charts and table. `narrow`: a line for each curve. `line`: one line. */
export interface Layout {
  readonly kind: 'wide' | 'narrow' | 'line';
  /** Columns that may be written: the last one stays free, some terminals wrap there. */
  readonly width: number;
  /** Lines that may be written: a frame as tall as the terminal makes Ink wipe the scrollback. */
  readonly height: number;
  /** Rows of a chart; wide only. */
  readonly chart: number;
  /** Lines for the table of epochs, its head included; 0 for no table. */
  readonly table: number;
}

export interface Wants {
  /** Lines under the table: keys, warnings. */
  readonly footer: number;
  /** Curves; narrow only. */
  readonly curves: number;
  /** The table instead of the curves. */
  readonly onlyTable: boolean;
}

/** Below this width two charts say too little. */
export const NARROW = 76;
const HEAD = 2; // name, progress
const CHART_FRAME = 2; // title, x axis
const HIGHEST_CHART = 10;
const LONGEST_TABLE = 9;

/** Shares out the lines of a terminal; what a layout draws is never higher than `height`. */
export function layout({ columns, rows }: Size, wants: Wants): Layout {
  const width = Math.max(1, columns - 1);
  const height = Math.max(1, rows - 2);
  const free = height - HEAD - wants.footer;
  if (width < 28 || free < 1) return { kind: 'line', width, height, chart: 0, table: 0 };
  if (width < NARROW || free < CHART_FRAME + 3 + 3) {
    const curves = wants.onlyTable ? 0 : Math.min(free, wants.curves);
    const left = free - curves;
    return { kind: 'narrow', width, height, chart: 0, table: left >= 2 ? left : 0 };
  }
  if (wants.onlyTable) return { kind: 'wide', width, height, chart: 0, table: free };
  const chart = Math.min(HIGHEST_CHART, Math.max(3, Math.floor((free - CHART_FRAME) * 0.55)));
  return { kind: 'wide', width, height, chart, table: Math.min(LONGEST_TABLE, free - CHART_FRAME - chart) };
}
