import { type Shape, sizeOf } from '../base/shape.ts';
import type { InitChoice, LayerContext, Regularizer } from '../catalog/layers/layer.ts';
import { invariant } from '../errors.ts';
import { type GraphBuilder, type Node, sameShape } from '../graph/index.ts';
import { isWeight, type StateSpec } from '../plan/index.ts';

/**
 * The state tensors of all programs, by name: declared by the first layer that asks for one, shared after
 * that.
 */
export class StateRegistry {
  readonly specs = new Map<string, StateSpec>();

  declare(spec: StateSpec): void {
    const known = this.specs.get(spec.name);
    if (known) invariant(sameShape(known.shape, spec.shape), `${spec.name} asked for in two shapes`);
    else this.specs.set(spec.name, spec);
  }
  /** Weights of layers, frozen ones too. */
  weights(): StateSpec[] {
    return [...this.specs.values()].filter(isWeight);
  }
  /** Numbers that training changes by their gradients. */
  parameters(): number {
    const trained = this.weights().filter(({ role }) => role === 'weight');
    return trained.reduce((sum, w) => sum + sizeOf(w.shape), 0);
  }
}

/** One program's view of the state: which node reads it, what replaces it, what regularizes it. */
export class ProgramState {
  readonly read = new Map<string, Node>();
  readonly next = new Map<string, Node>();
  readonly penalties: { readonly weight: Node; readonly regularizer: Regularizer }[] = [];

  constructor(
    readonly g: GraphBuilder,
    readonly registry: StateRegistry,
    readonly training: boolean,
  ) {}

  tensor(spec: StateSpec): Node {
    this.registry.declare(spec);
    let node = this.read.get(spec.name);
    if (!node) {
      node = this.g.input(spec.name, spec.shape);
      this.read.set(spec.name, node);
    }
    return node;
  }

  /** The weights that training changes, in the order in which the program reads them. */
  trained(): { readonly name: string; readonly node: Node }[] {
    return [...this.read].flatMap(([name, node]) =>
      this.registry.specs.get(name)?.role === 'weight' ? [{ name, node }] : [],
    );
  }

  /** What one layer may use. The weights of a layer that isn't `trainable` are frozen and have no penalty. */
  layer(name: string, trainable = true): LayerContext {
    const { g, training } = this;
    return {
      g,
      name,
      training,
      trainable,
      weight: (part: string, shape: Shape, init: InitChoice, regularizer?: Regularizer) => {
        const weight = this.tensor({
          name: `${name}/${part}`,
          shape,
          role: trainable ? 'weight' : 'frozen',
          init,
        });
        if (trainable && regularizer && (regularizer.l1 > 0 || regularizer.l2 > 0))
          this.penalties.push({ weight, regularizer });
        return weight;
      },
      moving: (part, shape, init, next) => {
        const current = this.tensor({ name: `${name}/${part}`, shape, role: 'moving', init });
        if (training && next) this.next.set(`${name}/${part}`, next(current));
        return current;
      },
      mask: (shape, rate) => g.randomMask(`dropout/${name}`, rate, shape),
    };
  }
}
