import type { InputField, TraceStep } from '../../catalog/layers/trace.ts';
import { inputShapes } from '../../catalog/transforms/inputs.ts';
import type { Parts, Report } from './check.ts';

/** Numbers in one tensor, and in all weights together: 8 GiB of float32. */
const LARGEST = 2 ** 31;

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/**
 * What no memory holds is refused here, before anything is allocated for it: the data, the weights, and
 * what a layer gives for one batch.
 * @param inputs shapes of one example after the transforms
 */
export function checkSize(
  { training, shape }: Parts,
  inputs: readonly InputField[],
  steps: readonly TraceStep[],
  report: Report,
): void {
  const examples = shape?.count ?? Number.POSITIVE_INFINITY;
  const raw = shape ? inputShapes(shape).reduce((sum, one) => sum + sizeOf(one.shape), 0) : 0;
  if (shape?.count !== undefined && shape.count * raw > LARGEST)
    report('too-large', `the data are ${shape.count * raw} numbers, at most ${LARGEST} fit`, [
      'data',
      'source',
    ]);
  const batch = Math.min(training?.batch_size ?? 1, examples);
  let parameters = 0;
  let widest = { name: 'the data', size: Math.max(...inputs.map(({ shape }) => sizeOf(shape))) };
  for (const [i, step] of steps.entries()) {
    parameters += step.parameters;
    const size = sizeOf(step.shape);
    const what =
      parameters > LARGEST
        ? `${parameters} parameters up to here`
        : size > LARGEST
          ? `${size} numbers for one example`
          : undefined;
    if (what !== undefined) {
      const message = `${step.name} makes the network too large: ${what}, at most ${LARGEST} fit`;
      report('too-large', message, ['architecture', i]);
      return;
    }
    if (size > widest.size) widest = { name: step.name, size };
  }
  if (batch * widest.size > LARGEST)
    report(
      'too-large',
      `a batch of ${batch} makes ${batch * widest.size} numbers in ${widest.name}, at most ${LARGEST} fit`,
      ['training', 'batch_size'],
      { help: `give at most ${Math.floor(LARGEST / widest.size)}` },
    );
}
