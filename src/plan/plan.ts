import { type FieldRole, INPUT } from '../base/examples.ts';
import type { Shape } from '../base/shape.ts';
import { type BoundGraph, bind, type Dims, type DType, type Graph, type ValueId } from '../graph/index.ts';

/** How a state tensor starts; made on the host from the named stream `init/<name>`. */
export interface InitSpec {
  /** Name in catalog/initializers. */
  readonly type: string;
  readonly params: Readonly<Record<string, number | string>>;
}

/** A tensor that lives from step to step: weights, moving statistics, optimizer moments. */
export interface StateSpec {
  /** `conv2d_1/kernel`, `batch_normalization_1/moving_mean`, `optimizer/m/conv2d_1/kernel`. */
  readonly name: string;
  readonly shape: Shape;
  /** `weight`: trained. `frozen`: a weight that training leaves as it started: no gradient, no moments. */
  readonly role: 'weight' | 'frozen' | 'moving' | 'optimizer';
  readonly init: InitSpec;
}

/** A weight of a layer, trained or not. */
export const isWeight = ({ role }: StateSpec): boolean => role === 'weight' || role === 'frozen';

/**
 * A number bound before each step. `value`: from the config (or its schedule), named by its config
 * path. `one_minus_power`: 1 - base^t, t the step from 1 (bias corrections), computed in float64.
 */
export type ScalarSpec =
  | { readonly name: string; readonly kind: 'value'; readonly value: number }
  | { readonly name: string; readonly kind: 'one_minus_power'; readonly base: number };

/** A field of the examples that a program reads: a tensor handed in for each batch, under its own name. */
export interface DataSpec {
  readonly name: string;
  readonly role: FieldRole;
  readonly shape: Dims; // with the batch axis
  readonly dtype: DType;
}

/** A run of nodes that an engine may make one kernel of. */
export interface Step {
  readonly kind: 'elementwise' | 'reduce' | 'move' | 'contract' | 'window' | 'leaf';
  /** Nodes in order; the last one's value is what the step makes. */
  readonly nodes: readonly ValueId[];
  readonly reads: readonly ValueId[];
  readonly buffer: number;
  readonly flops: number;
}

export interface Buffer {
  readonly id: number;
  readonly bytes: number;
}

/**
 * One graph with its schedule. An input named like a state or scalar spec is that one; the others
 * are data. An output named like a state spec is its next value; the others are results.
 */
export interface Program {
  readonly name: ProgramName;
  /** Examples of one call. With a symbolic batch: the number that its steps and buffers are counted for. */
  readonly batch: number;
  readonly data: readonly DataSpec[];
  readonly graph: Graph;
  readonly steps: readonly Step[];
  readonly buffers: readonly Buffer[];
  /**
   * Steps that an engine should run in one call if it can (1 by default): the cost of a call slows small
   * steps.
   */
  readonly repeat?: number;
}

/** What an engine runs: the graph with the program's batch in place of a symbolic one. */
export const graphToRun = ({ graph, batch }: Pick<Program, 'graph' | 'batch'>): BoundGraph =>
  bind(graph, { batch });

/**
 * `train`: x, y -> loss, metrics, next state. `train_tail`: the same for the last, smaller batch.
 * `evaluate`: x, y -> scores, example_loss (each with the batch axis). `predict`: raw x, before any
 * transform -> scores (and label), for any number of examples: its batch axis is symbolic.
 */
export type ProgramName = 'train' | 'train_tail' | 'evaluate' | 'predict';

export interface LayerSummary {
  readonly name: string;
  readonly type: string;
  /** What it reads, of a network that is no chain. */
  readonly inputs?: readonly string[];
  /** Output shape of one example. */
  readonly shape: Shape;
  readonly parameters: number;
}

/** An input of the network: one example as the source gives it, and as the network gets it. */
export interface InputSummary {
  readonly name: string;
  readonly raw: Shape;
  readonly shape: Shape;
}

/** All inputs of the network. */
export const inputsOfPlan = ({ inputs, raw, shape }: DataSummary): readonly InputSummary[] =>
  inputs ?? [{ name: INPUT, raw, shape }];

/** The data that the plan was compiled for, and which rows each transform was fitted on. */
export interface DataSummary {
  readonly source: string;
  /** One example as the source gives it, and as the network gets it. */
  readonly raw: Shape;
  readonly shape: Shape;
  /** Of all inputs, where there are several; `raw` and `shape` are the first one's then. */
  readonly inputs?: readonly InputSummary[];
  /** `10 classes` or `1 number`. */
  readonly target: string;
  readonly split: { readonly train: number; readonly validation: number; readonly test: number };
  readonly transforms: readonly {
    readonly name: string; // `normalize: standard`
    readonly fitted: 'train' | 'nothing';
    readonly summary: string;
  }[];
  /** How the classes of the training rows were balanced. */
  readonly balance?: {
    readonly name: string;
    readonly summary: string;
    /** Training rows afterwards. */
    readonly rows: number;
    /** Examples have weights in the loss. */
    readonly weighted: boolean;
  };
}

/** Examples of an epoch. */
export const examplesPerEpoch = ({ split, balance }: DataSummary): number => balance?.rows ?? split.train;

/** What an engine runs: data only, so that it can be printed, compared, hashed and sent to a worker. */
export interface Plan {
  readonly format: 1;
  readonly name: string;
  readonly seed: number;
  readonly data: DataSummary;
  readonly layers: readonly LayerSummary[];
  /** Trainable numbers. */
  readonly parameters: number;
  readonly state: readonly StateSpec[];
  readonly scalars: readonly ScalarSpec[];
  readonly programs: Readonly<Partial<Record<ProgramName, Program>>>;
}
