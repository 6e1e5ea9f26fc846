import { formOf } from '../catalog/tasks/index.ts';
import { modelInputs, type Prepared, type PreparedInput } from './index.ts';

/**
 * `columns.json`: what each input number of model.onnx is, so that other programs can run it. Missing
 * values are NaN; a category is the index of its level, -1 for any level that isn't listed; a date is days
 * since 1970-01-01 UTC; binary is 0 or 1. A text becomes one number for each of its `words`: how often the
 * word occurs. Of a model of several inputs `fields` has each, by its name in model.onnx: a table with its
 * columns, anything else with the shape of an example.
 */
export function columnsJson({ inputs: all, target }: Prepared): Uint8Array {
  const form = formOf(target);
  const [classes, labels] = [form.classes(target), form.labels(target)];
  const names = classes ? { classes } : labels ? { labels } : { targets: form.outputs(target) };
  const value = {
    format: 1,
    ...(all.length === 1 ? columnsOf(all[0]!) : { fields: all.map((input) => fieldOf(input)) }),
    ...names,
  };
  return new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
}

const columnsOf = ({ columns, features, transforms }: PreparedInput) => ({
  inputs: columns && modelInputs(columns, transforms),
  features: features?.map(({ name }) => name),
});

const fieldOf = (input: PreparedInput) => ({
  name: input.name,
  ...(input.columns ? columnsOf(input) : { shape: input.raw }),
});
