import type { AuditLevel } from '../catalog/audits/index.ts';
import type { Typed } from '../catalog/entry.ts';
import type { Task } from '../protocol/target.ts';
import type { ColumnKind } from '../readers/raw-data.ts';

export type { Task } from '../protocol/target.ts';

/** A column; of labels the columns, each with two values, or one whose text has them all. */
export type TargetConfig =
  | string
  | readonly string[]
  | { readonly column: string; readonly separator: string };

export interface EngineConfig {
  readonly type: 'auto' | 'onnx' | 'gpujs' | 'reference';
  readonly provider: 'cpu';
  /** Of gpujs; null: the best that hardware offers. */
  readonly mode: 'webgpu' | 'headlessgl' | 'webasm' | 'cpu' | null;
  readonly allow_fallback: boolean;
  /** Intra-op threads; null: as many as the machine offers. */
  readonly threads: number | null;
  readonly layout: 'fast' | 'portable';
}

/** Shares up to 1 are fractions, whole numbers from 2 are counts of examples. */
export interface SplitConfig {
  readonly type: 'random' | 'fixed' | 'group' | 'time' | 'hash' | 'k_fold';
  /** What group, time and hash go by; of fixed: the column that names the parts. */
  readonly column: string | null;
  readonly train: number | null;
  readonly validation: number;
  readonly test: number | null;
  readonly stratify: boolean;
  /** Of k_fold, as the next two; null elsewhere. */
  readonly folds?: number | null;
  /** The one that is tested, from 1; final: all train, the test part is tested; null: a run for each. */
  readonly fold?: number | 'final' | null;
  readonly shuffle?: boolean | null;
  /** Share of the training part that is trained on; a larger one holds all rows of a smaller one. */
  readonly subsample?: number;
  /** False: the test part is set aside, nothing of this run sees it. */
  readonly score_test?: boolean;
}

export interface EarlyStopping {
  readonly monitor: string;
  readonly patience: number;
  readonly min_delta: number;
  readonly restore_best_weights: boolean;
}

export interface TrainingConfig {
  readonly batch_size: number;
  readonly epochs: number;
  readonly shuffle: boolean;
  readonly early_stopping: EarlyStopping | null;
  /** End after the first epoch for which it holds, e.g. "accuracy >= 1". */
  readonly stop_when: string | null;
  /** The final weights are scored on the training rows as well. */
  readonly score_train?: boolean;
  /** Epochs between checkpoints of `last`. */
  readonly checkpoint_every: number;
}

/** One frozen value with every default in place; deep-frozen, the only form that later stages see. */
export interface Config {
  readonly name: string;
  readonly seed: number;
  /** One run for each, with the data of `seed`; null: a single run. */
  readonly seeds: readonly number[] | null;
  readonly task: Task;
  readonly engine: EngineConfig;
  readonly data: {
    readonly source: Typed<Record<string, unknown>>;
    readonly target: TargetConfig | null;
    /** Kinds of columns that the user gave. */
    readonly columns: Readonly<Record<string, ColumnKind>>;
    /** Of the data section's random streams; null: `seed`. `dataSeed` tells. */
    readonly seed: number | null;
    /** Steps over rows before the split, in order; `kind` is the YAML key, `value` what stands there. */
    readonly rows: readonly { readonly kind: string; readonly value: unknown }[];
    readonly split: SplitConfig;
    /** What happens when a check of the leakage audit finds something, by its name. */
    readonly audit: Readonly<Record<string, AuditLevel>>;
    /** How unlike sizes of classes are made up for in training; null: not at all. */
    readonly balance: Typed<Record<string, unknown>> | null;
    /** In order; `kind` is the YAML key (`normalize`), `type` the entry (`standard`). */
    readonly features: readonly (Typed<Record<string, unknown>> & { readonly kind: string })[];
  };
  readonly architecture: readonly (Typed<Record<string, unknown>> & { readonly name?: string })[];
  readonly loss: Typed<Record<string, unknown>>;
  readonly optimizer: Typed<Record<string, unknown>> & {
    readonly learning_rate: number;
    /** Keras' meanings: per tensor, per element, over all tensors. */
    readonly clipnorm: number | null;
    readonly clipvalue: number | null;
    readonly global_clipnorm: number | null;
  };
  readonly schedule: Typed<Record<string, unknown>> & { readonly warmup_steps: number };
  readonly training: TrainingConfig;
  readonly evaluation: {
    readonly metrics: readonly string[];
    /** Simple models to compare with; `auto`: those that the task allows, within an eighth of the run's time. */
    readonly baselines: 'auto' | readonly string[];
    /** How validation makes probabilities honest; null: not at all. */
    readonly calibration: Typed<Record<string, unknown>> | null;
    /** How validation chooses from which score on an example counts as positive; null: the loss decides. */
    readonly threshold:
      | (Typed<Record<string, unknown>> & { readonly pos_label: string | number | boolean | null })
      | null;
  };
  readonly expect: readonly string[];
}
