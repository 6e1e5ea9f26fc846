import {
  type Dim,
  type Dims,
  factorsOf,
  type Graph,
  GraphError,
  isSymbolic,
  type SymbolicDim,
  type ValueId,
} from '../../../graph/index.ts';
import type { ModelBuilder } from '../format/model.ts';

/** What is needed of a translation under way. */
interface Translation {
  readonly model: ModelBuilder;
  readonly graph: Graph;
  get(id: ValueId): string;
  once<T>(key: string, make: () => T): T;
}

/**
 * Sizes as Reshape and Expand take them: an i64 vector, whose symbolic ones the model reads from an input's
 * shape.
 */
export function sizesOf(low: Translation, shape: Dims): string {
  if (!shape.some(isSymbolic)) return low.model.ints(shape.map(Number));
  const parts = shape.map((dim) => sizeOfAxis(low, dim));
  return low.once(`sizes ${shape}`, () => low.model.op('Concat', parts, { axis: 0 }));
}

/** One size as an i64 vector [1]. */
export function sizeOfAxis(low: Translation, dim: Dim): string {
  const [first, ...others] = factorsOf(dim).map((f) =>
    typeof f === 'number' ? low.model.ints([f]) : named(low, f),
  );
  if (first === undefined) throw new GraphError('a size has factors');
  return low.once(`size ${dim}`, () =>
    others.reduce((product, factor) => low.model.op('Mul', [product, factor]), first),
  );
}

/** The size called so, of the first input that has it as an axis. */
function named(low: Translation, name: string): string {
  return low.once(`size of ${name}`, () => {
    for (const node of low.graph.nodes) {
      const axis = node.op === 'input' ? node.shape.indexOf(name as SymbolicDim) : -1;
      if (axis >= 0) return low.model.op('Shape', [low.get(node.id)], { start: axis, end: axis + 1 });
    }
    throw new GraphError(`no input has an axis of the size ${name}`);
  });
}
