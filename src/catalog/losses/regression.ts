import * as z from 'zod';
import type { GraphBuilder, Node } from '../../graph/index.ts';
import { noFields, once, positive } from '../fields.ts';
import type { LossEntry } from './loss.ts';

interface Regression<P> {
  readonly name: string;
  readonly help: string;
  readonly schema: () => z.ZodType<P>;
  /** Of each difference, output - y. */
  readonly penalty: (g: GraphBuilder, difference: Node, params: P) => Node;
}

/** The mean of a penalty over the targets of an example. */
const regression = <P>({ name, help, schema, penalty }: Regression<P>): LossEntry<P> => ({
  name,
  help,
  get schema() {
    return schema();
  },
  needs: ['numbers'],
  examples: (g, output, y, params) => g.mean(penalty(g, g.sub(output, y), params), [1]),
  scores: (_, output) => output,
  decision: { kind: 'value' },
});

export const meanSquaredError = regression({
  name: 'mean_squared_error',
  help: 'for numbers: (output - y)²',
  schema: noFields,
  penalty: (g, d) => g.square(d),
});

export const meanAbsoluteError = regression({
  name: 'mean_absolute_error',
  help: 'for numbers: |output - y|, which outliers move less',
  schema: noFields,
  penalty: (g, d) => g.abs(d),
});

/**
 * d² / 2 up to |d| = delta, delta · |d| - delta² / 2 beyond: Huber 1964. With q = min(|d|, delta) both are
 * q · (|d| - q / 2), which needs no selection.
 */
export const huber = regression<{ delta: number }>({
  name: 'huber',
  help: 'for numbers: squared error near 0, absolute error beyond `delta`',
  schema: once(() => z.strictObject({ delta: positive().default(1).describe('where the square ends') })),
  penalty(g, d, { delta }) {
    const size = g.abs(d);
    const near = g.minimum(size, delta);
    return g.mul(near, g.sub(size, g.mul(near, 0.5)));
  },
});
