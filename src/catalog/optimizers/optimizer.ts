import type { GraphBuilder, Node } from '../../graph/index.ts';
import type { Entry } from '../entry.ts';

/** 1 - base^t with t the step from 1: Adam's bias corrections. */
export interface PowerScalar {
  readonly name: string; // `optimizer.bias_correction_1`
  readonly base: number;
}

export interface UpdateContext {
  readonly g: GraphBuilder;
  /** A bound number, shape []: `optimizer.learning_rate` always exists; others as declared by `scalars`. */
  scalar(name: string): Node;
}

/** An update rule for one tensor. Clipping stands before it and is shared by all. */
export interface OptimizerEntry<P extends { learning_rate: number }> extends Entry<P> {
  /** Names of the moments kept beside each weight, all zeros (or `start`) at first. */
  slots(params: P): readonly { readonly name: string; readonly start: number }[];
  scalars(params: P): readonly PowerScalar[];
  update(
    ctx: UpdateContext,
    weight: Node,
    gradient: Node,
    slots: Readonly<Record<string, Node>>,
    params: P,
  ): { readonly weight: Node; readonly slots: Readonly<Record<string, Node>> };
}
