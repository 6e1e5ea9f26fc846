import type { DataShape } from '../../readers/raw-data.ts';
import type { Catalogues } from '../catalogues.ts';
import type { Config, TrainingConfig } from '../config.ts';
import type { Layer } from '../sections/architecture.ts';
import type { Data } from '../sections/data.ts';
import type { Experiment } from '../sections/experiment.ts';
import type { Objective } from '../sections/objective.ts';
import type { Path } from '../tree.ts';

/** What is valid of a config so far; checks look at what is there. */
export interface Parts extends Objective {
  readonly task: Experiment['task'];
  readonly data: Data;
  readonly architecture?: readonly (Layer | undefined)[];
  readonly training?: TrainingConfig;
  readonly metrics?: readonly string[];
  readonly baselines?: 'auto' | readonly string[];
  readonly calibration?: Config['evaluation']['calibration'];
  readonly threshold?: Config['evaluation']['threshold'];
  readonly expect?: readonly string[];
  /** Shape of one example and of the target, where the source tells it without reading. */
  readonly shape?: DataShape;
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
