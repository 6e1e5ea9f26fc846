import { Misfit } from '../../base/misfit.ts';
import type { Typed } from '../../catalog/entry.ts';
import { layerNames, nameLayers } from '../../catalog/layers/names.ts';
import { traceLayers } from '../../catalog/layers/trace.ts';
import { fitOutput } from '../../catalog/losses/index.ts';
import type { DataShape } from '../../readers/raw-data.ts';
import type { Layer } from '../sections/architecture.ts';
import type { Path } from '../tree.ts';
import type { Fields } from '../typed.ts';
import type { Check, Parts, Report } from './check.ts';
import { checkSize } from './size.ts';

type Shape = readonly number[];
const words = (shape: Shape) => `(${shape.join(', ')})`;

/** Every layer accepts what the one before it gives, and the last one gives what the loss needs. */
export const checkShapes: Check = (parts, report) => {
  const { architecture, shape } = parts;
  const last = architecture?.at(-1);
  if (last && parts.loss) checkRawOutput(last, architecture!.length - 1, parts.loss, report);
  const input = shape && afterFeatures(parts, shape.shape, report);
  if (!architecture) return;
  const gap = architecture.indexOf(undefined);
  const layers = (gap < 0 ? architecture : architecture.slice(0, gap)) as readonly Layer[];
  const named = told(
    () => layerNames(layers),
    () => ['architecture', nameLayers(layers).duplicate!, 'name'],
    report,
  );
  if (!named) return;
  const { steps, problem } = input ? traceLayers(layers, input) : { steps: [] };
  if (problem) {
    const { index, misfit } = problem;
    const chain = [
      `data ${words(input!)}`,
      ...steps.slice(0, index).map((s) => `${s.type} ${words(s.shape)}`),
    ];
    report(misfit.code, misfit.message, ['architecture', index, ...(misfit.field ? [misfit.field] : [])], {
      help: misfit.help,
      notes: [`one example:  ${chain.join(' → ')} → ${layers[index]!.type} ✗`],
    });
  }
  if (input) checkSize(parts, input, steps, report);
  const whole = input && gap < 0 && !problem;
  const output = whole ? (steps.at(-1)?.shape ?? input) : ownOutput(architecture);
  if (output && shape) checkOutput(parts, architecture, output, shape, report);
};

/** What the last layers give whatever comes before them: those from the last one that names its `units`. */
function ownOutput(architecture: readonly (Layer | undefined)[]): Shape | undefined {
  const from = architecture.findLastIndex((layer) => layer && 'units' in layer);
  const tail = architecture.slice(from);
  if (from < 0 || tail.includes(undefined)) return undefined;
  const { steps, problem } = traceLayers(tail as readonly Layer[], [1]);
  return problem ? undefined : steps.at(-1)!.shape;
}

/** Shape of one example after the transforms; undefined where only fitting tells. */
function afterFeatures({ data, catalogues }: Parts, input: Shape, report: Report): Shape | undefined {
  let shape: Shape | undefined = input;
  for (const [i, feature] of (data.features ?? [undefined]).entries()) {
    const entry = feature && catalogues.transforms.get(feature.kind)?.get(feature.type);
    if (!entry || !shape) return undefined;
    const before: Shape = shape;
    const at = (field?: string) => ['data', 'features', i, ...(field ? [field] : [])];
    if (!told(() => (shape = entry.shape(before, feature)), at, report)) return undefined;
  }
  return shape;
}

/** The last layer gives what the loss needs for this target. */
function checkOutput(
  parts: Parts,
  layers: readonly (Layer | undefined)[],
  output: Shape,
  data: DataShape,
  report: Report,
): void {
  const { loss, catalogues } = parts;
  const entry = loss && catalogues.losses.get(loss.type);
  // A loss of the other task is told by its own check.
  if (!entry?.targets.includes(data.target.kind)) return;
  const fits = told(
    () => entry.units(data.target),
    () => ['loss', 'type'],
    report,
  );
  if (!fits) return;
  const last = layers.length - 1;
  told(
    () => fitOutput(entry, output, data.target),
    (field) => {
      const holder = field === undefined ? -1 : layers.findLastIndex((layer) => layer && field in layer);
      return holder < 0 ? ['architecture', last] : ['architecture', holder, field!];
    },
    report,
  );
}

/** Reports a misfit at the path for its field. @returns whether there was none */
function told(work: () => unknown, path: (field?: string) => Path, report: Report): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    report(error.code, error.message, path(error.field), { help: error.help });
    return false;
  }
}

const PROBABILITIES = ['softmax', 'sigmoid'];

/** A loss from logits applies softmax or sigmoid itself; twice trains badly and silently. */
function checkRawOutput(last: Layer, index: number, loss: Typed<Fields>, report: Report): void {
  if (loss['from_logits'] !== true) return;
  for (const [field, value] of Object.entries(last)) {
    const own = field === 'type' || field === 'name';
    if (own || typeof value !== 'string' || !PROBABILITIES.includes(value)) continue;
    const isLayer = last.type === 'activation';
    const help = isLayer ? 'remove this layer' : `remove \`${field}: ${value}\``;
    report(
      'logits',
      `${loss.type} takes raw outputs, the last layer ends in ${value}`,
      ['architecture', index, field],
      {
        help: `${help}: the loss takes raw outputs`,
      },
    );
  }
}
