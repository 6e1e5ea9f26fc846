import { Misfit } from '../../base/misfit.ts';
import { shapesAfter } from '../../catalog/transforms/inputs.ts';
import { MlxError } from '../../errors.ts';
import type { InputShape } from '../../readers/raw-data.ts';
import type { Parts, Report } from '../checks/check.ts';
import { sourceContext } from '../places.ts';

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

/** Shapes of one example of each input after the transforms; undefined where only fitting tells. */
export const afterFeatures = (
  { data, catalogues }: Parts,
  inputs: readonly InputShape[],
  report: Report,
): readonly InputShape[] | undefined =>
  shapesAfter(
    inputs,
    data.features ?? [undefined],
    ({ kind, type }) => catalogues.transforms.get(kind)?.get(type),
    (entry, input, step, i) => {
      try {
        return entry.shape(input, step);
      } catch (error) {
        if (!(error instanceof Misfit)) throw error;
        const path = ['data', 'features', i, ...(error.field ? [error.field] : [])];
        report(error.code, error.message, path, { help: error.help });
        return undefined;
      }
    },
  );
