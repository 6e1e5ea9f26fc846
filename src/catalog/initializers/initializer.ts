import type { StreamKey } from '../../base/random.ts';
import type { Shape } from '../../base/shape.ts';
import type { Entry } from '../entry.ts';

/** Keras' fans: dense `[in, out]`; convolution `[kh, kw, in, out]`: receptive field times channels. */
export interface Fans {
  readonly in: number;
  readonly out: number;
}

/** Makes a weight's first values from its own stream `init/<name>`; the same bits for every engine. */
export interface InitializerEntry<P> extends Entry<P> {
  values(shape: Shape, fans: Fans, key: StreamKey, params: P): Float32Array;
}
