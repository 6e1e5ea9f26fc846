import { catalog } from '../entry.ts';
import { aggregate } from './aggregate.ts';
import { clipOutliers } from './clip-outliers.ts';
import { derive } from './derive.ts';
import { dropDuplicates, dropMissing } from './drop-rows.ts';
import { filter } from './filter.ts';
import { join } from './join.ts';
import { label } from './label.ts';
import { rename } from './rename.ts';
import type { RowStepEntry } from './row-step.ts';
import { sample } from './sample.ts';
import { drop, select } from './select.ts';

/** Steps of `data.rows`, by their key in YAML. */
// biome-ignore lint/suspicious/noExplicitAny: steps differ in their fields
export const rowSteps = catalog<RowStepEntry<any>>(
  filter,
  derive,
  label,
  select,
  drop,
  rename,
  dropDuplicates,
  dropMissing,
  clipOutliers,
  sample,
  aggregate,
  join,
);
