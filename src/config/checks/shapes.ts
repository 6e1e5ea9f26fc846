import type { Typed } from '../../catalog/entry.ts';
import {
  type InputField,
  oneField,
  type Trace,
  type TraceStep,
  traceLayers,
} from '../../catalog/layers/trace.ts';
import type { Wiring } from '../../catalog/layers/wiring.ts';
import { fits, taskOf } from '../../catalog/tasks/index.ts';
import { inputShapes } from '../../catalog/transforms/inputs.ts';
import type { DataShape } from '../../readers/raw-data.ts';
import type { Layer } from '../sections/architecture.ts';
import type { Fields } from '../tree/typed.ts';
import type { Check, Parts, Report } from './check.ts';
import { outputOf, outputProblem } from './output.ts';
import { checkSize } from './size.ts';
import { checkWiring } from './wiring.ts';

type Shape = readonly number[];
const words = (shape: Shape) => `(${shape.join(', ')})`;

/** Every layer accepts what the ones that it reads give, and the last one gives what the loss needs. */
export const checkShapes: Check = (parts, report) => {
  const { architecture, shape, inputs } = parts;
  const last = architecture?.at(-1);
  if (last && parts.loss) checkRawOutput(last, architecture!.length - 1, parts.loss, report);
  if (!architecture) return;
  const gap = architecture.indexOf(undefined);
  const layers = (gap < 0 ? architecture : architecture.slice(0, gap)) as readonly Layer[];
  const { wiring, misfits } = checkWiring(
    layers,
    shape && inputShapes(shape).map(({ name }) => name),
    gap < 0,
  );
  for (const { misfit, path } of misfits) report(misfit.code, misfit.message, path, { help: misfit.help });
  if (misfits.length > 0) return;
  const { steps, problem }: Trace = inputs ? traceLayers(layers, inputs) : { steps: [] };
  if (problem) {
    const { index, misfit } = problem;
    const chain = leading(wiring, index, inputs!, steps);
    report(misfit.code, misfit.message, ['architecture', index, ...(misfit.field ? [misfit.field] : [])], {
      help: misfit.help,
      notes: [`one example:  ${chain.join(' → ')} → ${layers[index]!.type} ✗`],
    });
  }
  if (inputs) checkSize(parts, inputs, steps, report);
  const whole = inputs && gap < 0 && !problem;
  const output = whole ? steps.at(-1)?.shape : ownOutput(architecture);
  if (output && shape) checkOutput(parts, architecture, output, shape, report);
};

/** What leads to a node, with shapes: from a field, or from where several inputs meet. */
function leading(
  { wires }: Pick<Wiring, 'wires'>,
  index: number,
  fields: readonly InputField[],
  steps: readonly TraceStep[],
): string[] {
  const label = (name: string, shape: Shape) => `${name} ${words(shape)}`;
  const ofField = ({ name, shape }: InputField) => label(fields.length === 1 ? 'data' : name, shape);
  const [only, ...more] = wires[index]!;
  if (!only) return [];
  if (more.length > 0) {
    const met = wires[index]!.map((one) =>
      'field' in one ? ofField(fields[one.field]!) : label(steps[one.node]!.name, steps[one.node]!.shape),
    );
    return [met.join(' + ')];
  }
  if ('field' in only) return [ofField(fields[only.field]!)];
  const { type, shape } = steps[only.node]!;
  return [...leading({ wires }, only.node, fields, steps), label(type, shape)];
}

/**
 * What the last layers give whatever comes before them: from the last one whose own fields say it, if they
 * are a chain.
 */
function ownOutput(architecture: readonly (Layer | undefined)[]): Shape | undefined {
  const from = architecture.findLastIndex((layer) => layer && outputOf(layer));
  const holder = architecture[from];
  const tail = architecture.slice(from + 1);
  if (!holder || tail.some((layer) => !layer || layer.inputs !== undefined)) return undefined;
  const start = outputOf(holder)!.shape(holder);
  const { steps, problem } = traceLayers(tail as readonly Layer[], oneField(start));
  return problem ? undefined : (steps.at(-1)?.shape ?? start);
}

/** The last layer gives what the loss needs for this target. */
function checkOutput(
  { task: name, loss, catalogues }: Parts,
  layers: readonly (Layer | undefined)[],
  output: Shape,
  { target }: DataShape,
  report: Report,
): void {
  const entry = loss && catalogues.losses.get(loss.type);
  const task = name && taskOf(name);
  // A loss or a target of another task is reported by its own check.
  if (!entry || !task || !fits(entry, task) || target.kind !== task.target.kind) return;
  const wrong = outputProblem(task, layers, entry, output, target);
  if (wrong) report(wrong.misfit.code, wrong.misfit.message, wrong.path, { help: wrong.misfit.help });
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
