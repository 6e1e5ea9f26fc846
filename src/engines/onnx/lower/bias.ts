import type { Dims, Node, NodeOf } from '../../../graph/index.ts';
import { sameShape } from '../../../graph/index.ts';
import { convolve } from './convolution.ts';
import type { Lowering, Maker } from './lowering.ts';
import { gemm } from './matmul.ts';

/** Gemm and Conv add a bias [units] themselves: matmul or conv2d + broadcast bias is one operator. */
export function withBias(low: Lowering, node: NodeOf<'add'>): string | Maker | undefined {
  for (const [main, other] of [
    [0, 1],
    [1, 0],
  ] as const) {
    const product = low.input(node, main);
    const bias = vector(low, low.input(node, other));
    if (!bias || !sameShape(bias.shape, node.shape.slice(-1)) || !low.usedOnce(product.id)) continue;
    if (product.op === 'matmul' && node.shape.length === 2) return gemm(low, product, bias.value());
    if (product.op === 'conv2d') {
      const made = convolve(low, product, bias.value());
      const own = low.layoutOf(product.id);
      return (layout) => low.convert(made, node.shape, own, layout);
    }
  }
  return undefined;
}

/** The vector that a broadcast repeats over all other axes. */
function vector(low: Lowering, node: Node): { shape: Dims; value(): string } | undefined {
  if (node.op !== 'broadcast') return undefined;
  const source = low.input(node, 0);
  const leading = source.shape.slice(0, -1);
  if (source.shape.length === 0 || leading.some((size) => size !== 1)) return undefined;
  const shape = source.shape.slice(-1);
  return {
    shape,
    value: () => (leading.length === 0 ? low.get(source.id) : low.reshape(low.get(source.id), shape)),
  };
}
