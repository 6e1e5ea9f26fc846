import { Misfit } from '../../base/misfit.ts';
import { MlxError } from '../../errors.ts';
import type { Parts, Report } from '../checks/check.ts';
import { sourceContext } from '../places.ts';

type Shape = readonly number[];

/** Shape of the data as far as the source tells it without reading. */
export function describeSource(parts: Parts, seed: number, file: string, report: Report): Parts['shape'] {
  const { source, target } = parts.data;
  if (!source || target === undefined) return undefined;
  try {
    const context = sourceContext(file, { task: parts.task!, target, seed });
    return parts.catalogues.sources.get(source.type)!.describe(source, context);
  } catch (error) {
    if (!(error instanceof MlxError)) throw error;
    const { path, help, notes } = error.details;
    report(error.code, error.message, path ?? ['data', 'source'], { help, notes });
    return undefined;
  }
}

/** Shape of one example after the transforms; undefined where only fitting tells. */
export function afterFeatures({ data, catalogues }: Parts, input: Shape, report: Report): Shape | undefined {
  let shape: Shape | undefined = input;
  for (const [i, feature] of (data.features ?? [undefined]).entries()) {
    const entry = feature && catalogues.transforms.get(feature.kind)?.get(feature.type);
    if (!entry || !shape) return undefined;
    try {
      shape = entry.shape(shape, feature);
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      const path = ['data', 'features', i, ...(error.field ? [error.field] : [])];
      report(error.code, error.message, path, { help: error.help });
      return undefined;
    }
  }
  return shape;
}
