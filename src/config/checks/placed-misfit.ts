import type { Misfit } from '../../base/misfit.ts';
import type { Path } from '../tree/tree.ts';

/** A misfit and its place in the `Config`. */
export interface PlacedMisfit {
  readonly misfit: Misfit;
  readonly path: Path;
}
