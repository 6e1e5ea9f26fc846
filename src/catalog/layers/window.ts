import * as z from 'zod';
import type { Padding2d } from '../../graph/index.ts';

export const paddingField = () =>
  z
    .enum(['valid', 'same'])
    .default('valid')
    .describe(
      'valid: windows inside the input only; same: zeros around, output = input / stride, rounded up',
    );
export type PaddingName = 'valid' | 'same';

/**
 * TensorFlow's padding along one axis of length `size`: `same` makes ceil(size / stride) windows, and where
 * the zeros can't be halved the extra one comes after (bottom, right).
 */
function axisPadding(
  name: PaddingName,
  size: number,
  span: number,
  stride: number,
): readonly [number, number] {
  if (name === 'valid') return [0, 0];
  const total = Math.max((Math.ceil(size / stride) - 1) * stride + span - size, 0);
  const before = Math.floor(total / 2);
  return [before, total - before];
}

/** @param span pixels that a window covers along each axis, dilation included */
export const padding2d = (
  name: PaddingName,
  input: readonly [number, number],
  span: readonly [number, number],
  strides: readonly [number, number],
): Padding2d => [
  axisPadding(name, input[0], span[0], strides[0]),
  axisPadding(name, input[1], span[1], strides[1]),
];
