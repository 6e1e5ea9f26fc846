import { modelInputs, type Prepared } from './index.ts';

/**
 * `columns.json`: what each input number of model.onnx is, so that other programs can run it. Missing values
 * are NaN; a category is the index of its level, -1 for any level that isn't listed; a date is days since
 * 1970-01-01 UTC; binary is 0 or 1. A text becomes one number for each of its `words`: how often the word
 * occurs.
 */
export function columnsJson({ columns, features, target, transforms }: Prepared): Uint8Array {
  const { kind, ...names } =
    target.kind === 'number' ? { kind: target.kind, targets: target.columns } : target;
  const value = {
    format: 1,
    inputs: columns && modelInputs(columns, transforms),
    features: features?.map(({ name }) => name),
    ...names,
  };
  return new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
}
