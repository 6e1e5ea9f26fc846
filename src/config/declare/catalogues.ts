import { type BalanceEntry, balances } from '../../catalog/balance/index.ts';
import { type CalibrationEntry, calibrations } from '../../catalog/calibrations/index.ts';
import type { Entry } from '../../catalog/entry.ts';
import { layers } from '../../catalog/layers/index.ts';
import type { LayerEntry } from '../../catalog/layers/layer.ts';
import { losses } from '../../catalog/losses/index.ts';
import type { LossEntry } from '../../catalog/losses/loss.ts';
import { metrics } from '../../catalog/metrics/index.ts';
import type { MetricEntry } from '../../catalog/metrics/metric.ts';
import { type BaselineEntry, baselines } from '../../catalog/models/index.ts';
import { optimizers } from '../../catalog/optimizers/index.ts';
import type { OptimizerEntry } from '../../catalog/optimizers/optimizer.ts';
import { rowSteps } from '../../catalog/rows/index.ts';
import type { RowStepEntry } from '../../catalog/rows/row-step.ts';
import { schedules } from '../../catalog/schedules/index.ts';
import type { ScheduleEntry } from '../../catalog/schedules/schedule.ts';
import { sources } from '../../catalog/sources/index.ts';
import type { SourceEntry } from '../../catalog/sources/source.ts';
import { type ThresholdEntry, thresholds } from '../../catalog/thresholds/index.ts';
import { transforms } from '../../catalog/transforms/index.ts';
import type { TransformEntry } from '../../catalog/transforms/transform.ts';

// Entries of one kind differ in their field types.
/* biome-ignore-start lint/suspicious/noExplicitAny: see above */
/** Everything that a config can name. */
export interface Catalogues {
  readonly sources: ReadonlyMap<string, SourceEntry<any>>;
  /** Steps of `data.rows`. */
  readonly rows: ReadonlyMap<string, RowStepEntry<any>>;
  /** By kind (`normalize`), then by type (`standard`). */
  readonly transforms: ReadonlyMap<string, ReadonlyMap<string, TransformEntry<any>>>;
  readonly balances: ReadonlyMap<string, BalanceEntry<any>>;
  /** Methods that are no networks; the section `model` is known where there are some. */
  readonly models: ReadonlyMap<string, Entry<any>>;
  readonly layers: ReadonlyMap<string, LayerEntry<any>>;
  readonly losses: ReadonlyMap<string, LossEntry<any>>;
  readonly optimizers: ReadonlyMap<string, OptimizerEntry<any>>;
  readonly schedules: ReadonlyMap<string, ScheduleEntry<any>>;
  readonly metrics: ReadonlyMap<string, MetricEntry>;
  readonly baselines: ReadonlyMap<string, BaselineEntry>;
  readonly calibrations: ReadonlyMap<string, CalibrationEntry<any>>;
  readonly thresholds: ReadonlyMap<string, ThresholdEntry<any>>;
}
/* biome-ignore-end lint/suspicious/noExplicitAny: see above */

export const CATALOGUES: Catalogues = {
  sources,
  rows: rowSteps,
  transforms,
  balances,
  models: new Map(),
  layers,
  losses,
  optimizers,
  schedules,
  metrics,
  baselines,
  calibrations,
  thresholds,
};
