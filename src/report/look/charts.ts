import type { TopLevelSpec } from 'vega-lite';
import type { ColumnLook, Look } from '../../data/index.ts';
import { escapeText } from '../escape.ts';
import { COLORS, PALETTE } from '../page/style.ts';

const PARTS = ['train', 'validation', 'test'] as const;
const INK = '#808080';

/**
 * Names come from files: what could move a cursor or turn the writing around is shown as text, and long ones
 * are cut.
 */
const label = (text: string, most = 28): string => {
  const safe = escapeText(text);
  return safe.length > most ? `${safe.slice(0, most - 1)}…` : safe;
};

const CONFIG = {
  aria: false,
  background: 'transparent',
  font: 'system-ui, sans-serif',
  view: { stroke: null },
  axis: {
    labelColor: INK,
    titleColor: INK,
    domainColor: INK,
    tickColor: INK,
    gridColor: INK,
    gridOpacity: 0.2,
    labelLimit: 160,
  },
  legend: { labelColor: INK, titleColor: INK },
  title: { color: INK, anchor: 'start', fontWeight: 'bold' },
} as const;

type Spec = Record<string, unknown>;

/** A vega-lite specification as SVG text, without a browser: nothing in it runs later. */
export async function toSvg(spec: Spec): Promise<string> {
  const [{ compile }, vega] = await Promise.all([import('vega-lite'), import('vega')]);
  const full = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    config: CONFIG,
    ...spec,
  } as unknown as TopLevelSpec;
  const view = new vega.View(vega.parse(compile(full).spec), { renderer: 'none', logLevel: vega.None });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

const colour = (domain: readonly string[]) => ({
  field: 'part',
  type: 'nominal',
  scale: { domain, range: domain.map((part) => COLORS[part as keyof typeof COLORS]) },
  legend: null,
});

const partsOf = (of: Readonly<Partial<Record<string, unknown>>>) =>
  PARTS.filter((part) => of[part] !== undefined);

/** The distributions of a number in each part, as lines over the training part's bars. */
function histogramSpec({ edges, shares }: NonNullable<ColumnLook['histogram']>, date: boolean): Spec {
  const time = (value: number) => (date ? value * 86_400_000 : value);
  const values = partsOf(shares).flatMap((part) =>
    shares[part]!.map((share, i) => ({
      part,
      share,
      from: time(edges[i]!),
      to: time(edges[i + 1]!),
      middle: time((edges[i]! + edges[i + 1]!) / 2),
    })),
  );
  const x = {
    type: date ? 'temporal' : 'quantitative',
    axis: { title: null, tickCount: 4, grid: false, ...(date ? {} : { format: '~s' }) },
    scale: { zero: false, nice: false, ...(date && { type: 'utc' }) },
  };
  const y = { field: 'share', type: 'quantitative', axis: { title: null, format: '%', tickCount: 3 } };
  return {
    width: 200,
    height: 90,
    data: { values },
    layer: [
      {
        transform: [{ filter: "datum.part == 'train'" }],
        mark: { type: 'bar', color: COLORS.train, opacity: 0.55 },
        encoding: { x: { field: 'from', bin: { binned: true }, ...x }, x2: { field: 'to' }, y },
      },
      {
        transform: [{ filter: "datum.part != 'train'" }],
        mark: { type: 'line', interpolate: 'step', strokeWidth: 1.5 },
        encoding: { x: { field: 'middle', ...x }, y, color: colour(partsOf(shares)) },
      },
    ],
  };
}

function levelsSpec({ names, shares }: NonNullable<ColumnLook['levels']>): Spec {
  // The place tells levels apart: shortened names may be the same.
  const shown = names.map((name, i) => `${i}:${label(name, 18)}`);
  const values = partsOf(shares).flatMap((part) =>
    shares[part]!.map((share, i) => ({ part, share, level: shown[i] })),
  );
  return {
    width: 150,
    height: { step: Math.max(7, Math.min(16, 110 / names.length)) },
    data: { values },
    mark: { type: 'bar' },
    encoding: {
      y: {
        field: 'level',
        type: 'nominal',
        sort: shown,
        axis: {
          title: null,
          labelExpr: "slice(datum.label, indexof(datum.label, ':') + 1)",
          ticks: false,
        },
      },
      yOffset: { field: 'part', sort: [...PARTS] },
      x: { field: 'share', type: 'quantitative', axis: { title: null, format: '%', tickCount: 3 } },
      color: colour(partsOf(shares)),
    },
  };
}

/** One column, or undefined where there is nothing to draw. */
export function columnSpec({ kind, histogram, levels }: ColumnLook): Spec | undefined {
  if (histogram) return histogramSpec(histogram, kind === 'date');
  return levels && kind !== 'text' ? levelsSpec(levels) : undefined;
}

/** The target: class shares of each part, or its histogram. */
export function targetSpec({ target: { classes, histogram } }: Look): Spec | undefined {
  if (histogram) return { ...histogramSpec(histogram, false), width: 420, height: 140 };
  if (!classes) return undefined;
  const top = classes.names.slice(0, 30);
  const shares = Object.fromEntries(
    Object.entries(classes.counts).map(([part, counts]) => {
      const total = Math.max(
        1,
        counts!.reduce((a, b) => a + b, 0),
      );
      return [part, top.map((_, i) => counts![i]! / total)];
    }),
  );
  return { ...levelsSpec({ names: top, shares }), width: 420 };
}

export function missingSpec(columns: readonly ColumnLook[]): Spec | undefined {
  const worst = columns
    .filter(({ missing }) => Object.values(missing).some((part) => part! > 0))
    .sort((a, b) => (b.missing.train ?? 0) - (a.missing.train ?? 0))
    .slice(0, 40);
  if (worst.length === 0) return undefined;
  const parts = partsOf(worst[0]!.missing);
  const shares = Object.fromEntries(
    parts.map((part) => [part, worst.map(({ missing }) => missing[part] ?? 0)]),
  );
  return { ...levelsSpec({ names: worst.map(({ name }) => name), shares }), width: 420 };
}

export function correlationSpec({ names, r }: NonNullable<Look['correlations']>): Spec {
  const shown = names.map((name, i) => `${i}:${label(name, 20)}`);
  const values = r.flatMap((row, i) =>
    row.map((value, j) => ({
      a: shown[i],
      b: shown[j],
      r: value,
      text: value === null ? '' : value.toFixed(2),
    })),
  );
  const axis = {
    title: null,
    labelExpr: "slice(datum.label, indexof(datum.label, ':') + 1)",
    ticks: false,
    domain: false,
  };
  const step = names.length > 12 ? 20 : 36;
  const x = { field: 'b', type: 'nominal', sort: shown, axis: { ...axis, labelAngle: -40 } };
  const y = { field: 'a', type: 'nominal', sort: shown, axis };
  const fill = {
    field: 'r',
    type: 'quantitative',
    scale: { domain: [-1, 0, 1], range: [COLORS.test, '#bbbbbb', COLORS.train] },
    legend: { title: 'r' },
  };
  return {
    width: { step },
    height: { step: names.length > 12 ? 20 : 26 },
    data: { values },
    layer: [
      { mark: 'rect', encoding: { x, y, color: fill } },
      ...(names.length > 12
        ? []
        : [
            {
              mark: { type: 'text', fontSize: 9, color: '#111111' },
              encoding: { x, y, text: { field: 'text' } },
            },
          ]),
    ],
  };
}

const METHODS = { pca: 'PCA', umap: 'UMAP', tsne: 't-SNE' } as const;
const SHAPES = [
  'circle',
  'square',
  'triangle-up',
  'diamond',
  'cross',
  'triangle-down',
  'triangle-left',
  'triangle-right',
  'stroke',
  'wedge',
];

/** One projection; classes differ by shape as well as by colour. */
export function scatterSpec(look: Look, at: number): Spec {
  const { projections, colors } = look.scatter!;
  const { method, points, explained } = projections[at]!;
  const { classes } = look.target;
  const names = classes?.names.slice(0, 10).map((name, i) => `${i}:${label(name, 16)}`);
  const values = points.map(([x, y], i) => ({
    x,
    y,
    c: names ? (names[colors[i]!] ?? 'others') : colors[i],
  }));
  const title = (k: number) =>
    explained ? `component ${k + 1}, ${(100 * explained[k]!).toFixed(0)}% of the variance` : null;
  const axis = (k: number) => ({ title: title(k), labels: false, ticks: false, grid: false });
  const last = at === projections.length - 1;
  const legend = last
    ? { title: null, ...(names && { labelExpr: "slice(datum.label, indexof(datum.label, ':') + 1)" }) }
    : null;
  const domain = names ? [...names, ...(classes!.names.length > 10 ? ['others'] : [])] : undefined;
  const color = names
    ? { field: 'c', type: 'nominal', scale: { domain, range: PALETTE }, legend }
    : { field: 'c', type: 'quantitative', scale: { range: [COLORS.train, COLORS.test] }, legend };
  return {
    title: METHODS[method],
    width: 230,
    height: 230,
    data: { values },
    mark: { type: 'point', filled: true, size: 22, opacity: 0.75 },
    encoding: {
      x: { field: 'x', type: 'quantitative', axis: axis(0), scale: { zero: false } },
      y: { field: 'y', type: 'quantitative', axis: axis(1), scale: { zero: false } },
      color,
      ...(names && { shape: { field: 'c', type: 'nominal', scale: { domain, range: SHAPES }, legend } }),
    },
  };
}
