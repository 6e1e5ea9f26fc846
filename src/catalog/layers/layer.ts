import type { Shape } from '../../base/shape.ts';
import type { Dims, GraphBuilder, Node } from '../../graph/index.ts';
import type { Entry } from '../entry.ts';

export interface InitChoice {
  readonly type: string;
  readonly params: Readonly<Record<string, number | string>>;
}
export interface Regularizer {
  readonly l1: number;
  readonly l2: number;
}

/** What a layer may ask for while it adds its nodes. */
export interface LayerContext {
  readonly g: GraphBuilder;
  /** `dense_1`: type and a running number, or the user's `name`. */
  readonly name: string;
  /** True in the train program: dropout drops, batch statistics are the batch's. */
  readonly training: boolean;
  /** False where the layer's weights are frozen. */
  readonly trainable: boolean;
  /** A trainable tensor, `<layer>/<name>`; asking twice in two programs gives the same state. */
  weight(name: string, shape: Shape, init: InitChoice, regularizer?: Regularizer): Node;
  /** A tensor updated by the layer itself (moving statistics); `next` is used when training. */
  moving(name: string, shape: Shape, init: InitChoice, next?: (current: Node) => Node): Node;
  /** A dropout mask from the stream `dropout/<layer>`. */
  mask(shape: Dims, rate: number): Node;
}

/** What a layer of one input gets. */
export type OneInput = readonly [Node];

/** A layer is a composition of primitives; gradients and engines never hear of it. */
export interface LayerEntry<P> extends Entry<P> {
  /** How many inputs it takes: one when left out, or two and more. */
  readonly takes?: 'several';
  /**
   * Of a layer whose own fields say what it gives, whatever it reads: which field, and the shape of one
   * example.
   */
  readonly output?: { readonly field: string; shape(params: P): Shape };
  /**
   * Adds the layer's nodes. Each input has the batch axis first.
   * @throws Misfit when an input doesn't fit; shapes in messages leave the batch axis out.
   */
  apply(ctx: LayerContext, inputs: readonly Node[], params: P): Node;
}
