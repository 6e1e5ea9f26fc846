import { TARGET } from '../../base/examples.ts';
import { inOrder } from '../../base/order.ts';
import { sizeOf } from '../../base/shape.ts';
import { formOf } from '../../catalog/tasks/index.ts';
import type { Config } from '../../config/config.ts';
import { targetText } from '../../config/target-text.ts';
import type { Prepared } from '../../data/index.ts';
import type { State } from '../../engines/index.ts';
import type { Plan } from '../../plan/index.ts';
import type { DatasetExhibit, Exhibit } from '../../protocol/exhibits.ts';
import { examplesOf, imageShape, type ScoredPart } from './examples.ts';
import { convolution } from './network.ts';
import { regionsOf } from './regions.ts';

const MOST_COLUMNS = 200;

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
    ...(scored ? scored.task.exhibits(scored.predictions, data.target) : []),
    ...(regions ? [regions] : []),
    { kind: 'layers', input: data.shape, ...(inputs && { inputs }), layers },
    ...(scored ? convolution(config, plan, state, shown, scored) : []),
    datasetOf(config, data),
  ];
}

/**
 * Data of several inputs, as that input has them which people know an example by: a picture, else the first.
 */
function asShown(data: Prepared): Prepared {
  const picture = data.inputs.find((input) => imageShape({ ...data, ...input }));
  return picture ? { ...data, ...picture } : data;
}

function datasetOf({ data: { source, target } }: Config, data: Prepared): DatasetExhibit {
  const { train, validation, test, columns, transforms } = data;
  return {
    kind: 'dataset',
    source: source.type,
    target: targetText(target, formOf(data.target).named(data.target)),
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

/** What the targets of the training part hold, as it was before its classes were balanced. */
function targetOf({ target, train, unbalanced }: Prepared): Pick<DatasetExhibit, 'counts' | 'numbers'> {
  const part = unbalanced ?? train;
  const form = formOf(target);
  const { shape, dtype } = form.y(target);
  const length = part.count * sizeOf(shape);
  const values = dtype === 'i32' ? new Int32Array(length) : new Float32Array(length);
  part.fill(TARGET, values, inOrder(part.count), 0, part.count);
  return form.summary(target, values);
}
