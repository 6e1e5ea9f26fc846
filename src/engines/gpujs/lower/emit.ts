import { item } from '../../../base/item.ts';
import { invariant } from '../../../errors.ts';
import { type BoundGraph, type BoundNode, nodeOf, type ValueId } from '../../../graph/index.ts';
import { elementwise, isElementwise } from './elementwise.ts';
import type { Fusion } from './fuse.ts';
import { type Coordinates, keyOf, literal, text, type Writer } from './writer.ts';

/** Writes the expression of a value at a place: reads what is stored, computes the rest in locals. */
export class Emitter {
  private known = new Map<string, string>();

  constructor(
    private readonly graph: BoundGraph,
    private readonly fusion: Fusion,
    private readonly w: Writer,
    /** Values that this kernel has made already, by the names of their locals. */
    private readonly made: ReadonlyMap<ValueId, string> = new Map(),
  ) {}

  /** The name of a local, or a literal. */
  value(id: ValueId, at: Coordinates): string {
    const node = nodeOf(this.graph, id);
    const made = this.made.get(id);
    if (made !== undefined) return made;
    if (this.fusion.given.has(id) || this.fusion.stored.has(id))
      return this.remember(node, at, () => this.w.element(id, node.shape, at));
    return this.computed(id, at);
  }

  /** As `value`, also where the value is what this very kernel makes. */
  computed(id: ValueId, at: Coordinates): string {
    const node = nodeOf(this.graph, id);
    const { w } = this;
    switch (node.op) {
      case 'constant':
        return literal(item(node.attrs.data, 0));
      case 'iota':
        return this.remember(node, at, () => `${text(item(at, node.attrs.axis))}+0.0`);
      case 'reshape':
        return this.value(
          node.inputs[0],
          w.reshaped(at, node.shape, nodeOf(this.graph, node.inputs[0]).shape),
        );
      case 'broadcast': {
        const { shape } = nodeOf(this.graph, node.inputs[0]);
        const added = node.shape.length - shape.length;
        return this.value(
          node.inputs[0],
          shape.map((size, axis) => (size === 1 ? 0 : item(at, axis + added))),
        );
      }
      default: {
        invariant(isElementwise(node.op), `${node.op} can be written into another kernel`);
        const operands = node.inputs.map((input) => this.value(input, at));
        const rule = elementwise[node.op] as (
          w: Writer,
          operands: readonly string[],
          node: BoundNode,
        ) => string;
        return this.remember(node, at, () => rule(w, operands, node));
      }
    }
  }

  /** Inside a loop, names belong to one turn of it. */
  scoped(body: () => void): void {
    const outside = this.known;
    this.known = new Map(outside);
    body();
    this.known = outside;
  }

  private remember(node: BoundNode, at: Coordinates, make: () => string): string {
    const key = `${node.id}@${at.map(keyOf).join(',')}`;
    let name = this.known.get(key);
    if (name === undefined) {
      name = this.w.local(make());
      this.known.set(key, name);
    }
    return name;
  }
}
