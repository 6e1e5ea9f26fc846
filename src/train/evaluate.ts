import type { Examples } from '../base/examples.ts';
import { inOrder } from '../base/order.ts';
import type { Validation } from '../base/proofs.ts';
import type { Session } from '../engines/engine.ts';
import type { Program } from '../plan/index.ts';
import { Batch } from './batches.ts';

/** Raw results of one split, in the order of its rows. */
export interface Outputs {
  readonly scores: Float32Array; // [count, units]
  readonly losses: Float32Array; // [count]
  /** Where something is to be calibrated: what the probabilities are made of, [count, units]. */
  readonly logits?: Float32Array;
}

/** Outputs for validation examples are known as such. */
export type OutputsFor<E> = E extends Validation<Examples> ? Validation<Outputs> : Outputs;

/**
 * Runs the evaluate program over a split; the last batch is padded and its padding dropped. Once `abandoned` it
 * ends early, with results that nobody reads.
 */
export async function evaluate<E extends Examples>(
  session: Session,
  program: Program,
  examples: E,
  abandoned: () => boolean,
): Promise<OutputsFor<E>> {
  const order = inOrder(examples.count);
  const batch = new Batch(program.data);
  const output = program.graph.outputs.find((o) => o.name === 'scores')!;
  const units = program.graph.nodes[output.value]!.shape[1]!;
  const scores = new Float32Array(examples.count * units);
  const losses = new Float32Array(examples.count);
  const logits = program.graph.outputs.some((o) => o.name === 'logits') && new Float32Array(scores.length);
  for (let from = 0; from < examples.count && !abandoned(); from += program.batch) {
    const count = batch.load(examples, order, from);
    const results = await session.run('evaluate', { data: batch.data, scalars: {}, counter: 0 });
    scores.set(results['scores']!.subarray(0, count * units), from * units);
    losses.set(results['example_loss']!.subarray(0, count), from);
    if (logits) logits.set(results['logits']!.subarray(0, count * units), from * units);
  }
  return { scores, losses, ...(logits && { logits }) } as OutputsFor<E>;
}

/** Mean of float32 values summed in float64, in order. */
export function mean(values: Float32Array): number {
  let sum = 0;
  for (const v of values) sum += v;
  return sum / values.length;
}
