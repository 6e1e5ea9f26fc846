import type { NodeOf, OpName } from '../../../graph/index.ts';
import { conv2d, inputGrad, weightGrad } from './convolution.ts';
import { add, cast, names, pointwise, step } from './elementwise.ts';
import { constant, input, iota, randomMask } from './leaves.ts';
import type { Lowering, Maker } from './lowering.ts';
import { matmul } from './matmul.ts';
import { broadcast, concat, gather, pad, reshape, scatterAdd, slice, transpose } from './movement.ts';
import { maxPool, maxPoolGrad, sumPool, sumPoolGrad } from './pooling.ts';
import { argmax, reduceMax, reduceSum } from './reduce.ts';

/** Emits one node; gives its value in the node's planned layout, or a way to make it in any. */
export type Rule<O extends OpName> = (low: Lowering, node: NodeOf<O>) => string | Maker;

const renamed = Object.fromEntries(
  Object.entries(names).map(([op, name]) => [op, pointwise(name)]),
) as Record<keyof typeof names, ReturnType<typeof pointwise>>;

export const rules: { readonly [O in OpName]: Rule<O> } = {
  input,
  constant,
  iota,
  random_mask: randomMask,
  ...renamed,
  step,
  add,
  cast,
  reduce_sum: reduceSum,
  reduce_max: reduceMax,
  argmax,
  reshape,
  transpose,
  broadcast,
  slice,
  pad,
  concat,
  gather,
  scatter_add: scatterAdd,
  matmul,
  conv2d,
  conv2d_input_grad: inputGrad,
  conv2d_weight_grad: weightGrad,
  max_pool2d: maxPool,
  max_pool2d_grad: maxPoolGrad,
  sum_pool2d: sumPool,
  sum_pool2d_grad: sumPoolGrad,
};
