import type { Prepared } from './index.ts';

/**
 * `features.json`: what each step of `data.features` learned from the training rows, for people: its summary,
 * the columns it left (of a table), and facts such as the explained variance or the scores of features. What
 * the model needs of it is in model.onnx.
 */
export function featuresJson({ transforms }: Prepared): Uint8Array {
  const steps = transforms.map(({ kind, type, entry, fitted, shape, columns }) => ({
    step: `${kind}: ${type}`,
    fitted: entry.stateless ? 'nothing' : 'train',
    summary: fitted.summary,
    shape,
    ...(columns && { columns: columns.map(({ name }) => name) }),
    ...(fitted.facts && { facts: fitted.facts }),
  }));
  return new TextEncoder().encode(`${JSON.stringify({ format: 1, steps }, null, 2)}\n`);
}
