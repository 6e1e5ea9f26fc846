import type { DataShape, InputShape } from '../../readers/raw-data.ts';
import type { ReadConfig } from '../config.ts';
import type { Catalogues } from '../declare/catalogues.ts';
import type { Path } from '../tree/tree.ts';

/** What is valid of a config so far; checks look at what is there. */
export interface Parts
  extends Omit<ReadConfig, 'evaluation' | 'data'>,
    NonNullable<ReadConfig['evaluation']> {
  readonly data: NonNullable<ReadConfig['data']>;
  /** Shape of one example and of the target, where the source tells it without reading. */
  readonly shape?: DataShape;
  /** Shapes of one example of each input after the features, where they don't depend on the data. */
  readonly inputs?: readonly InputShape[];
  readonly catalogues: Catalogues;
}

/** Tells a problem at a path of the `Config`. */
export type Report = (
  code: string,
  message: string,
  path: Path,
  more?: { help?: string; notes?: readonly string[] },
) => void;

/** Looks at how valid sections fit together. */
export type Check = (parts: Parts, report: Report) => void;
