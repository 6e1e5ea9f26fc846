import type { AuditResult } from './audit-result.ts';
import type { BaselineReport } from './baseline-report.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { EngineInfo } from './engine-info.ts';
import type { ClassRow, Confusion, MetricValue, ReliabilityBin } from './metric-values.ts';

export interface Expectation {
  readonly text: string;
  readonly passed: boolean;
  readonly found: number | null;
}

/**
 * A calibration fitted on validation: what it learned, and how honest probabilities are without and with it.
 */
export interface CalibrationReport {
  readonly type: string;
  /** `{ temperature: 1.7 }`. */
  readonly learned: Readonly<Record<string, number>>;
  /** Why nothing was learned: probabilities are the network's own then. */
  readonly open?: string;
  /** Validation examples that it was fitted on. */
  readonly examples: number;
  /** The split that these are of: test, or validation where there's none. */
  readonly split: 'test' | 'validation';
  readonly before: Calibrated;
  readonly after: Calibrated;
}

/** Of one split, without or with the calibration. */
export interface Calibrated {
  readonly expected_calibration_error: number | null;
  readonly log_loss: number | null;
  readonly brier: number | null;
  /**
   * Bins of equal width of the probability of the likeliest class; those without examples have 0 everywhere.
   */
  readonly reliability: readonly ReliabilityBin[];
}

/**
 * A threshold chosen on validation: examples whose (calibrated) score of `pos_label` is at least `value` are
 * of that class, or have that label.
 */
export interface ThresholdReport {
  readonly type: string;
  /** For people: `sensitivity >= 0.95`. */
  readonly criterion: string;
  readonly pos_label: string;
  readonly value: number;
  /** What the loss decides by: 0.5, or 0 for margins; null where the largest of several scores decides. */
  readonly default: number | null;
  /** Validation examples that it was chosen on. */
  readonly examples: number;
  /** Rates of `pos_label` with the default and with the chosen threshold. */
  readonly validation: { readonly default: ClassRow; readonly chosen: ClassRow };
  readonly test?: { readonly default: ClassRow; readonly chosen: ClassRow };
}

/** By name within the run's folder. */
export type FileFingerprints = Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;

/** `result.json`; an interface that others read: only add to it. */
export interface Result {
  readonly format: 1;
  readonly status: 'completed' | 'interrupted' | 'failed';
  /** Folders of version 0.1 have none: `taskIn` tells it of both. */
  readonly task?: string;
  readonly metrics: Readonly<
    Partial<Record<'train' | 'validation' | 'test', Readonly<Record<string, MetricValue>>>>
  >;
  readonly parameters: number;
  readonly epochs: number;
  readonly seconds: number;
  readonly samples_per_second: number;
  readonly engine: EngineInfo;
  readonly best?: { readonly epoch: number; readonly monitor: string; readonly value: number };
  readonly stopped?: string; // why training ended before its last epoch
  readonly expectations?: readonly Expectation[];
  /**
   * How many runs in this experiments folder have been scored on these very test examples, this one included.
   */
  readonly test_looks?: { readonly fingerprint: string; readonly runs: number };
  /** What went wrong in training, each with evidence and one thing to try; empty where nothing did. */
  readonly diagnoses?: readonly Diagnosis[];
  /** Whether something simpler would have done. */
  readonly baselines?: BaselineReport;
  readonly confusion?: Confusion;
  readonly per_class?: readonly ClassRow[];
  /** What validation made of the scores; `metrics`, predictions and model.onnx have it in them. */
  readonly calibration?: CalibrationReport;
  readonly threshold?: ThresholdReport;
  /** Of each label, in their order. */
  readonly thresholds?: readonly ThresholdReport[];
  /** Metrics without calibration and threshold, where there are any. */
  readonly default_metrics?: Readonly<
    Partial<Record<'validation' | 'test', Readonly<Record<string, MetricValue>>>>
  >;
  /** How the classes of the training rows were balanced; rows of each class by name. */
  readonly balance?: {
    readonly type: string;
    readonly before: Readonly<Record<string, number>>;
    readonly after: Readonly<Record<string, number>>;
    readonly weights?: Readonly<Record<string, number>>;
  };
  /** What the leakage audit looked for in the data, and found. */
  readonly audit?: AuditResult;
  /** Final weights, only of models with at most 32 parameters. */
  readonly weights?: Readonly<Record<string, readonly number[]>>;
  /** The most memory that the process held, in bytes, data and engine included. */
  readonly peak_rss_bytes?: number;
  /** What the run's other files hold, so that damage is noticed; of events.ndjson its first `bytes` bytes. */
  readonly files?: FileFingerprints;
  readonly error?: { readonly code: string; readonly message: string; readonly step?: number };
}

/** The task of a run; where its result doesn't say, as in folders of version 0.1, by what it has. */
export function taskIn({
  task,
  confusion,
  per_class,
}: Pick<Result, 'task' | 'confusion' | 'per_class'>): string {
  if (task !== undefined) return task;
  if (confusion) return 'classification';
  return per_class ? 'multilabel_classification' : 'regression';
}
