import type { Examples } from '../base/examples.ts';
import { inOrder } from '../base/order.ts';
import type { Validation } from '../base/proofs.ts';
import { sizeOf } from '../base/shape.ts';
import type { Session } from '../engines/engine.ts';
import { invariant } from '../errors.ts';
import { fixedShape, nodeOf } from '../graph/index.ts';
import type { Program } from '../plan/index.ts';
import { Batch } from './batches.ts';

/** Raw results of one split, in the order of its rows. */
export interface Outputs {
  readonly scores: Float32Array; // [count, ...], for most networks [count, units]
  readonly losses: Float32Array; // [count]
  /** Where something is to be calibrated: what the probabilities are made of, [count, units]. */
  readonly logits?: Float32Array;
}

/** Outputs for validation examples carry that in their type. */
export type OutputsFor<E> = E extends Validation<Examples> ? Validation<Outputs> : Outputs;

/**
 * Runs the evaluate program over a split; the last batch is padded, and the padding dropped. Once `abandoned`
 * it ends early with results that are of no use.
 */
export async function evaluate<E extends Examples>(
  session: Session,
  program: Program,
  examples: E,
  abandoned: () => boolean,
): Promise<OutputsFor<E>> {
  const order = inOrder(examples.count);
  const batch = new Batch(program.data);
  const rows = collectors(program, examples.count);
  for (let from = 0; from < examples.count && !abandoned(); from += program.batch) {
    const count = batch.load(examples, order, from);
    const results = await session.run('evaluate', { data: batch.data, scalars: {}, counter: 0 });
    for (const { name, width, values } of rows) {
      const result = results[name];
      invariant(result, `evaluate gives ${name}`);
      values.set(result.subarray(0, count * width), from * width);
    }
  }
  const values = new Map(rows.map((row) => [row.name, row.values]));
  const [scores, losses, logits] = ['scores', 'example_loss', 'logits'].map((name) => values.get(name));
  invariant(scores && losses, 'evaluate gives scores and example_loss');
  return { scores, losses, ...(logits && { logits }) } as OutputsFor<E>;
}

/** Room for the rows of all examples of each output `[batch, ...]`, whatever its rank. */
function collectors({ graph }: Program, count: number) {
  return graph.outputs.map(({ name, value }) => {
    const width = sizeOf(fixedShape(nodeOf(graph, value).shape.slice(1)));
    return { name, width, values: new Float32Array(count * width) };
  });
}

/** Mean of float32 values summed in float64, in order. */
export function mean(values: Float32Array): number {
  let sum = 0;
  for (const v of values) sum += v;
  return sum / values.length;
}
