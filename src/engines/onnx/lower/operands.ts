import type { Dims, Node, ValueId } from '../../../graph/index.ts';
import { broadcastShapes, sameShape } from '../../../graph/index.ts';
import type { Layout } from './layout.ts';
import type { Lowering } from './lowering.ts';

/**
 * The operands in the node's layout. A `broadcast` is skipped, since ONNX broadcasts small operands itself,
 * unless the result would then be too small, as when all operands are.
 */
export function operands(low: Lowering, node: Node): string[] {
  const layout = low.layoutOf(node.id);
  const full = low.physical(node.shape, layout);
  const small = node.inputs.map((id) => ({ id, ...beforeBroadcast(low, id, node.shape.length, layout) }));
  const result = small.reduce<Dims>((shape, s) => broadcastShapes(shape, s.shape), []);
  const missing = !sameShape(result, full);
  return small.map(({ id, make }, i) => (missing && i === 0 ? low.get(id, layout) : make()));
}

interface Small {
  readonly shape: Dims;
  make(): string;
}

/** What a broadcast repeats, with its axes where a reader of the given rank and layout needs them. */
export function beforeBroadcast(low: Lowering, id: ValueId, rank: number, layout: Layout): Small {
  let source = low.node(id);
  while (source.op === 'broadcast') source = low.input(source, 0);
  const { shape } = source;
  if (layout === 'logical' || shape.length === 0) return { shape, make: () => low.get(source.id) };
  if (shape.length === rank)
    return { shape: low.physical(shape, layout), make: () => low.get(source.id, layout) };
  const padded = [...Array<number>(rank - shape.length).fill(1), ...shape];
  const laid = low.physical(padded, layout);
  return {
    shape: laid,
    make: () =>
      low.once(`operand ${source.id} ${rank} ${layout}`, () => {
        const value = low.reshape(low.get(source.id), padded);
        return low.convert(value, padded, 'logical', layout);
      }),
  };
}
