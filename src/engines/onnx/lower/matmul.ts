import type { NodeOf } from '../../../graph/index.ts';
import type { Lowering } from './lowering.ts';

export function matmul(low: Lowering, node: NodeOf<'matmul'>): string {
  const { transposeA, transposeB } = node.attrs;
  if (node.shape.length === 2) return gemm(low, node);
  const [a, b] = [low.get(node.inputs[0]), low.get(node.inputs[1])];
  if (!transposeA && !transposeB) return low.model.op('MatMul', [a, b]);
  if (low.options.standard) {
    const swap = (value: string, rank: number) =>
      low.model.op('Transpose', [value], { perm: lastSwapped(rank) });
    const rank = node.shape.length;
    return low.model.op('MatMul', [transposeA ? swap(a, rank) : a, transposeB ? swap(b, rank) : b]);
  }
  return low.model.contrib('FusedMatMul', [a, b], { transA: Number(transposeA), transB: Number(transposeB) });
}

/** A two-dimensional product, with a bias [n] if given. */
export function gemm(low: Lowering, node: NodeOf<'matmul'>, bias?: string): string {
  const { transposeA, transposeB } = node.attrs;
  const inputs = [...node.inputs.map((id) => low.get(id)), ...(bias === undefined ? [] : [bias])];
  return low.model.op('Gemm', inputs, { transA: Number(transposeA), transB: Number(transposeB) });
}

const lastSwapped = (rank: number) => [...Array.from({ length: rank - 2 }, (_, i) => i), rank - 1, rank - 2];
