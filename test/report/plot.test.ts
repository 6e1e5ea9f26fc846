import { describe, expect, it } from 'vitest';
import { Canvas } from '../../src/report/canvas.ts';
import { layout } from '../../src/report/tui/layout.ts';
import { axisEnd, type PlotInput, plot } from '../../src/report/tui/plot.ts';
import { sparkline } from '../../src/report/tui/sparkline.ts';

const draw = (canvas: Canvas) => canvas.rows().map((row) => row.join(''));

describe('Canvas', () => {
  it("puts dots where Unicode's braille has them", () => {
    const one = (x: number, y: number) => {
      const canvas = new Canvas(1, 1, 'braille');
      canvas.set(x, y);
      return draw(canvas)[0];
    };
    // Unicode chart U2800: dots 1 2 3 7 are the left column from the top, 4 5 6 8 the right one.
    expect([one(0, 0), one(0, 1), one(0, 2), one(0, 3)].join('')).toBe('⠁⠂⠄⡀');
    expect([one(1, 0), one(1, 1), one(1, 2), one(1, 3)].join('')).toBe('⠈⠐⠠⢀');
  });

  it('fills a cell, and leaves out what lies outside', () => {
    const canvas = new Canvas(2, 1, 'braille');
    for (let x = -3; x < 2; x++) for (let y = -3; y < 9; y++) canvas.set(x, y);
    expect(draw(canvas)).toEqual(['⣿ ']);
  });

  it('draws lines without gaps in each tier', () => {
    const lineIn = (charts: 'braille' | 'blocks' | 'ascii') => {
      const canvas = new Canvas(4, 2, charts);
      canvas.line(0, 0, canvas.width - 1, canvas.height - 1);
      return draw(canvas);
    };
    expect(lineIn('braille')).toEqual(['⠑⢄  ', '  ⠑⢄']);
    expect(lineIn('blocks')).toEqual(['▀▄  ', '  ▀▄']);
    expect(lineIn('ascii')).toEqual(["'.  ", "  '."]);
  });
});

const input = (more: Partial<PlotInput>): PlotInput => ({
  width: 10,
  height: 4,
  charts: 'braille',
  scale: 'linear',
  xMax: 10,
  train: [],
  validation: [],
  ...more,
});
const at = (more: Partial<PlotInput>, kind: string) =>
  plot(input(more)).cells.flatMap((row, y) => row.flatMap((c, x) => (c.kind === kind ? [[x, y]] : [])));

describe('plot', () => {
  const falling = Array.from({ length: 100 }, (_, i) => ({ x: i / 10, y: 100 - i }));

  it('draws a falling line from the top left to the bottom right', () => {
    const cells = at({ train: falling }, 'train');
    expect(cells).toContainEqual([0, 0]);
    expect(cells).toContainEqual([9, 3]);
    expect(cells).not.toContainEqual([0, 3]);
    expect(plot(input({ train: falling })).ticks![0]).toBeGreaterThan(97);
  });

  it('marks validation values and the best one', () => {
    const validation = [
      { x: 2, y: 1 },
      { x: 8, y: 0 },
    ];
    const more = { train: falling.map((p) => ({ x: p.x, y: p.y / 100 })), validation, best: validation[1] };
    expect(at(more, 'validation')).toEqual([[2, 0]]);
    expect(at(more, 'best')).toEqual([[8, 3]]);
  });

  it('thins marks out so that the line stays visible, newest first', () => {
    const validation = Array.from({ length: 500 }, (_, i) => ({ x: (i + 1) / 50, y: 1 }));
    const marks = at({ train: falling, validation }, 'validation');
    expect(marks.length).toBeLessThanOrEqual(5);
    expect(marks.some(([x]) => x === 9)).toBe(true);
  });

  it('has a middle tick that is the geometric mean on a log scale', () => {
    const train = [
      { x: 1, y: 100 },
      { x: 9, y: 1 },
    ];
    const [top, middle, bottom] = plot(input({ train, scale: 'log' })).ticks!;
    expect([top, middle, bottom].map((v) => Math.round(v))).toEqual([100, 10, 1]);
  });

  it('goes linear where a value has no logarithm, and survives one value and none', () => {
    expect(plot(input({ train: [{ x: 1, y: 0 }], scale: 'log' })).scale).toBe('linear');
    expect(at({ train: [{ x: 1, y: 5 }] }, 'train')).toHaveLength(1);
    expect(plot(input({})).ticks).toBeUndefined();
  });

  it('ends the axis at the last epoch, earlier while a long run is young', () => {
    expect(axisEnd(12, 7)).toBe(12);
    expect(axisEnd(200, 3)).toBe(7);
    expect(axisEnd(200, 60)).toBe(200);
    for (let x = 0; x <= 200; x += 0.5) expect(axisEnd(200, x)).toBeGreaterThanOrEqual(x);
  });
});

describe('sparkline', () => {
  const points = (ys: number[]) => ys.map((y, x) => ({ x, y }));
  it('goes from the highest to the lowest level', () => {
    expect(sparkline(points([8, 7, 6, 5, 4, 3, 2, 1]), 8, 'braille')).toBe('█▇▆▅▄▃▂▁');
    expect(sparkline(points([1, 3, 5, 7]), 2, 'braille')).toBe('▁█'); // means 2 and 6
    expect(sparkline(points([2, 2]), 5, 'ascii')).toBe('__');
    expect(sparkline([], 5, 'braille')).toBe('');
  });
});

describe('layout', () => {
  it('never plans more lines than rows - 2', () => {
    for (let rows = 3; rows < 60; rows++)
      for (const columns of [10, 30, 40, 60, 80, 100, 200])
        for (const footer of [0, 1, 6])
          for (const onlyTable of [false, true]) {
            const l = layout({ columns, rows }, { footer, curves: 4, onlyTable });
            const curves = l.kind === 'narrow' && !onlyTable ? Math.min(4, l.height - 2 - footer) : 0;
            const charts = l.chart > 0 ? l.chart + 2 : 0;
            const lines = l.kind === 'line' ? 1 : 2 + charts + curves + l.table + footer;
            expect(lines, `${columns}x${rows}`).toBeLessThanOrEqual(Math.max(1, rows - 2));
            expect(l.width).toBe(columns - 1);
          }
  });

  it('is wide at 100x30, narrow at 60x20 and 40x10, one line at 20x5', () => {
    const kind = (columns: number, rows: number) =>
      layout({ columns, rows }, { footer: 1, curves: 4, onlyTable: false }).kind;
    expect([kind(100, 30), kind(60, 20), kind(40, 10), kind(20, 5)]).toEqual([
      'wide',
      'narrow',
      'narrow',
      'line',
    ]);
  });
});
