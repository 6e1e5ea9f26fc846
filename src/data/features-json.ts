import type { Prepared } from './index.ts';

/**
 * `features.json`: what each step of `data.features` learned from the training rows, for people: its summary,
 * the columns it left (of a table), and facts such as the explained variance or the scores of features. What
 * the model needs of it is in model.onnx.
 */
export function featuresJson({ inputs }: Prepared): Uint8Array {
  const steps = inputs.flatMap(({ name: input, transforms }) =>
    transforms.map(({ kind, type, entry, fitted, shape, columns }) => ({
      step: `${kind}: ${type}`,
      ...(inputs.length > 1 && { input }),
      fitted: entry.stateless ? 'nothing' : 'train',
      summary: fitted.summary,
      shape,
      ...(columns && { columns: columns.map(({ name }) => name) }),
      ...(fitted.facts && { facts: fitted.facts }),
    })),
  );
  return new TextEncoder().encode(`${JSON.stringify({ format: 1, steps }, null, 2)}\n`);
}
