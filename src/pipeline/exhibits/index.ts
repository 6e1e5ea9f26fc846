import { TARGET } from '../../base/examples.ts';
import { inOrder } from '../../base/order.ts';
import type { Config } from '../../config/config.ts';
import { targetText } from '../../config/target-text.ts';
import type { Prepared } from '../../data/index.ts';
import type { State } from '../../engines/index.ts';
import type { Plan } from '../../plan/index.ts';
import type { DatasetExhibit, Exhibit, ScatterExhibit } from '../../protocol/exhibits.ts';
import { outputNames } from '../../protocol/target.ts';
import { examplesOf, imageShape, type ScoredPart } from './examples.ts';
import { convolution } from './network.ts';
import { ranked } from './ranked.ts';
import { regionsOf } from './regions.ts';

const MOST_COLUMNS = 200;
const MOST_POINTS = 800;

/** What a trained run has to show beside its numbers. @param scored the test part, else validation */
export function exhibitsOf(
  config: Config,
  plan: Plan,
  data: Prepared,
  state: State,
  scored: ScoredPart | undefined,
): Exhibit[] {
  const shown = asShown(data);
  const examples = scored && examplesOf(shown, scored);
  const regions = regionsOf(plan, state, data);
  const layers = plan.layers.map(({ name, type, inputs, shape, parameters }) => ({
    name,
    type,
    ...(inputs && { inputs }),
    shape,
    parameters,
  }));
  const inputs = plan.data.inputs?.map(({ name, shape }) => ({ name, shape }));
  return [
    ...(examples ? [examples] : []),
    ...(scored ? [...ranked(scored.predictions), ...scatterOf(data, scored)] : []),
    ...(regions ? [regions] : []),
    { kind: 'layers', input: data.shape, ...(inputs && { inputs }), layers },
    ...(scored ? convolution(config, plan, state, shown, scored) : []),
    datasetOf(config, data),
  ];
}

/** Data of several inputs, as that input has them which people know an example by: a picture, else the first. */
function asShown(data: Prepared): Prepared {
  const picture = data.inputs.find((input) => imageShape({ ...data, ...input }));
  return picture ? { ...data, ...picture } : data;
}

function datasetOf({ data: { source, target } }: Config, data: Prepared): DatasetExhibit {
  const { train, validation, test, columns, transforms } = data;
  return {
    kind: 'dataset',
    source: source.type,
    target: targetText(target, data.target.kind === 'number' ? data.target.columns.join(', ') : 'label'),
    raw: data.raw,
    shape: data.shape,
    rows: { train: (data.unbalanced ?? train).count, validation: validation.count, test: test.count },
    ...targetOf(data),
    ...(columns && {
      columns: columns.slice(0, MOST_COLUMNS).map(({ name, kind }) => ({ name, kind })),
      column_count: columns.length,
    }),
    features: transforms.map(({ kind, type, fitted }) => ({
      step: `${kind}: ${type}`,
      summary: fitted.summary,
    })),
  };
}

/** Classes, labels or numbers of the training part as it was before its classes were balanced. */
function targetOf({ target, train, unbalanced }: Prepared): Pick<DatasetExhibit, 'counts' | 'numbers'> {
  const part = unbalanced ?? train;
  const order = inOrder(part.count);
  if (target.kind === 'class') {
    const labels = new Int32Array(part.count);
    part.fill(TARGET, labels, order, 0, part.count);
    const counts = new Array<number>(target.classes.length).fill(0);
    for (const label of labels) counts[label]!++;
    return { counts: { noun: 'class', names: target.classes, train: counts, of: part.count } };
  }
  const names = outputNames(target);
  const width = names.length;
  const values = new Float32Array(part.count * width);
  part.fill(TARGET, values, order, 0, part.count);
  const column = (j: number) => Float64Array.from({ length: part.count }, (_, i) => values[i * width + j]!);
  const sum = (own: Float64Array) => own.reduce((a, b) => a + b, 0);
  if (target.kind === 'labels') {
    const counts = names.map((_, j) => sum(column(j)));
    return { counts: { noun: 'label', names, train: counts, of: part.count } };
  }
  const numbers = names.map((name, j) => {
    const own = column(j);
    const mean = sum(own) / own.length;
    const square = own.reduce((sum, v) => sum + (v - mean) ** 2, 0) / own.length;
    return { name, mean, std: Math.sqrt(square) };
  });
  return { numbers };
}

/** Truth against prediction, examples spread evenly over the part. */
function scatterOf({ target }: Prepared, { predictions: p }: ScoredPart): ScatterExhibit[] {
  if (target.kind !== 'number') return [];
  const count = Math.min(p.count, MOST_POINTS);
  const round = (value: number) => Number(value.toPrecision(6));
  const plots = target.columns.slice(0, 4).map((name, j) => ({
    name,
    points: Array.from({ length: count }, (_, k) => {
      const at = Math.floor((k * p.count) / count) * p.units + j;
      return [round(p.truth[at]!), round(p.scores[at]!)] as const;
    }),
  }));
  return [{ kind: 'scatter', plots }];
}
