import type { Session } from '../engines/engine.ts';
import type { Program } from '../plan/index.ts';
import { Batch, type Examples, inOrder } from './batches.ts';

/** Raw results of one split, in the order of its rows. */
export interface Outputs {
  readonly scores: Float32Array; // [count, units]
  readonly losses: Float32Array; // [count]
}

/**
 * Runs the evaluate program over a split; the last batch is padded and its padding dropped. Once `abandoned` it
 * ends early, with results that nobody reads.
 */
export async function evaluate(
  session: Session,
  program: Program,
  examples: Examples,
  abandoned: () => boolean,
): Promise<Outputs> {
  const order = inOrder(examples.count);
  const batch = new Batch(program.data);
  const output = program.graph.outputs.find((o) => o.name === 'scores')!;
  const units = program.graph.nodes[output.value]!.shape[1]!;
  const scores = new Float32Array(examples.count * units);
  const losses = new Float32Array(examples.count);
  for (let from = 0; from < examples.count && !abandoned(); from += program.batch) {
    const count = batch.load(examples, order, from);
    const results = await session.run('evaluate', { data: batch.data, scalars: {}, counter: 0 });
    scores.set(results['scores']!.subarray(0, count * units), from * units);
    losses.set(results['example_loss']!.subarray(0, count), from);
  }
  return { scores, losses };
}

/** Mean of float32 values summed in float64, in order. */
export function mean(values: Float32Array): number {
  let sum = 0;
  for (const v of values) sum += v;
  return sum / values.length;
}
