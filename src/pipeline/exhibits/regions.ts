import { TARGET } from '../../base/examples.ts';
import { formOf } from '../../catalog/tasks/index.ts';
import type { Prepared } from '../../data/index.ts';
import type { State } from '../../engines/index.ts';
import { evaluateGraph } from '../../engines/reference/index.ts';
import { graphToRun, type Plan } from '../../plan/index.ts';
import type { RegionsExhibit } from '../../protocol/exhibits.ts';
import { targetWidth } from '../../protocol/target.ts';

/** Cells a side; all of them are one batch of the program that predicts. */
const SIZE = 88;
/** Operations for a cell: some tenths of a second for all of them in the plain interpreter. */
const MOST_WORK = 19_000;
const MOST_POINTS = 400;
const PARTS = ['train', 'validation', 'test'] as const;

/**
 * What the network says everywhere on the plane of its two inputs; nothing where it has other inputs, or is
 * large.
 */
export function regionsOf(plan: Plan, state: State, data: Prepared): RegionsExhibit | undefined {
  const { raw, columns, target, inputs } = data;
  const { predict } = plan.programs;
  const plane = inputs.length === 1 && raw.length === 1 && raw[0] === 2 && plan.data.raw[0] === 2;
  const numbers = !columns || columns.every(({ kind }) => kind === 'number');
  if (!predict || !plane || !numbers || targetWidth(target) > 1) return undefined;
  const work = predict.steps.reduce((sum, { flops }) => sum + flops, 0);
  if (work / predict.batch > MOST_WORK) return undefined;
  const answers = formOf(target).classes(target);
  const points = pointsOf(data);
  if (points.length === 0) return undefined;
  const [from, to] = box(points);
  const x = new Float64Array(2 * SIZE * SIZE);
  for (let i = 0; i < SIZE * SIZE; i++) {
    const [row, column] = [Math.floor(i / SIZE), i % SIZE];
    x[2 * i] = from[0] + ((column + 0.5) / SIZE) * (to[0] - from[0]);
    x[2 * i + 1] = from[1] + ((row + 0.5) / SIZE) * (to[1] - from[1]);
  }
  const graph = graphToRun({ graph: predict.graph, batch: SIZE * SIZE });
  const outputs = evaluateGraph(graph, { x, ...Object.fromEntries(state) });
  const cells = (outputs['label'] ?? outputs['scores'])!;
  return {
    kind: 'regions',
    ...(answers && { answers }),
    names: [columns?.[0]?.name ?? 'x1', columns?.[1]?.name ?? 'x2'],
    from,
    to,
    size: SIZE,
    cells: Array.from(cells, (value) => Number(value.toPrecision(4))),
    points,
  };
}

/** Training points, then those that were scored. */
function pointsOf(data: Prepared): RegionsExhibit['points'] {
  return PARTS.flatMap((part) => {
    const held = data.originals[part];
    if (!held) return [];
    const examples = part === 'train' ? (data.unbalanced ?? data.train) : data[part];
    const truth = formOf(data.target).truth(data.target, 1);
    return [...held.at].slice(0, MOST_POINTS).flatMap((position, k) => {
      const [x, y] = [held.x[2 * k]!, held.x[2 * k + 1]!];
      if (!Number.isFinite(x) || !Number.isFinite(y)) return [];
      examples.fill(TARGET, truth, Uint32Array.of(position), 0, 1);
      return [{ part, x, y, value: truth[0]! }];
    });
  });
}

/** Around all points, with a margin. */
function box(points: RegionsExhibit['points']): [[number, number], [number, number]] {
  const side = (values: readonly number[]) => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const margin = 0.12 * (high - low || 2);
    return [low - margin, high + margin] as const;
  };
  const [x, y] = [side(points.map((p) => p.x)), side(points.map((p) => p.y))];
  return [
    [x[0], y[0]],
    [x[1], y[1]],
  ];
}
