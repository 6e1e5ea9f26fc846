import { noFields } from '../../fields.ts';
import { affine } from '../affine.ts';
import type { TransformEntry } from '../transform.ts';

/** Bytes to [0, 1]; learns nothing. */
export const pixel: TransformEntry<Record<string, never>> = {
  ...affine,
  name: 'pixel',
  help: 'x / 255: bytes of an image into [0, 1]',
  get schema() {
    return noFields();
  },
  stateless: true,
  fit: (rows) => ({
    summary: 'x / 255',
    shape: rows.shape,
    affine: { scale: Float64Array.of(1 / 255), shift: Float64Array.of(0) },
  }),
};
