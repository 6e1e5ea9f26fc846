import { type Dims, fourAxes } from '../../../graph/index.ts';
import type { ModelBuilder } from '../format/model.ts';
import type { Layout } from './layout.ts';

/** What is needed of a translation under way. */
interface Translation {
  readonly model: ModelBuilder;
  once<T>(key: string, make: () => T): T;
  reshape(value: string, shape: Dims): string;
  physical(shape: Dims, layout: Layout): Dims;
}

/** Converts to or from blocked; ONNX Runtime reads and writes both plain layouts. */
export function reorder(low: Translation, value: string, shape: Dims, from: Layout, to: Layout): string {
  const channelsLast = Number(from === 'logical' || to === 'logical');
  if (to === 'blocked')
    return unpacked(low, low.model.blocked('ReorderInput', [value], { channels_last: channelsLast }), shape);
  return low.model.blocked('ReorderOutput', [packed(low, value, shape)], {
    channels: fourAxes(shape)[3],
    channels_last: channelsLast,
  });
}

/** The value with the four axes that the operators know; nothing moves. */
export const packed = (low: Translation, value: string, shape: Dims): string =>
  low.once(`packed ${value}`, () => low.reshape(value, low.physical(shape, 'nchw')));
export const unpacked = (low: Translation, value: string, shape: Dims): string =>
  low.reshape(value, low.physical(shape, 'blocked'));
