import { Misfit } from '../../base/misfit.ts';
import { type Shape, sizeOf } from '../../base/shape.ts';
import { invariant } from '../../errors.ts';
import { GraphBuilder, type Node } from '../../graph/index.ts';
import { layers as catalogue } from './index.ts';
import type { LayerContext } from './layer.ts';
import { duplicateName, type NamedLayer, nameLayers } from './names.ts';

export interface TraceStep {
  readonly name: string;
  readonly type: string;
  /** Output shape of one example. */
  readonly shape: Shape;
  /** Trainable numbers. */
  readonly parameters: number;
}

export interface Trace {
  /** The layers before the problem, or all. */
  readonly steps: readonly TraceStep[];
  readonly problem?: { readonly index: number; readonly misfit: Misfit };
}

/** Any small batch: shapes of examples don't depend on it. */
const BATCH = 2;

/**
 * Shapes and parameters of a chain without data, on a graph that is thrown away.
 * @param layers validated fields of each layer, in order
 * @param input shape of one example
 */
export function traceLayers(layers: readonly NamedLayer[], input: Shape): Trace {
  const { names, duplicate } = nameLayers(layers);
  const g = new GraphBuilder();
  const steps: TraceStep[] = [];
  let x = g.input('x', [BATCH, ...input]);
  for (const [index, layer] of layers.entries()) {
    const entry = catalogue.get(layer.type);
    invariant(entry, `layer ${layer.type} passed validation`);
    const name = names[index]!;
    const counter = { parameters: 0 };
    try {
      if (index === duplicate) throw duplicateName(name);
      x = entry.apply(recorder(g, name, counter), [x], layer);
    } catch (misfit) {
      if (misfit instanceof Misfit) return { steps, problem: { index, misfit } };
      throw misfit;
    }
    steps.push({ name, type: layer.type, shape: x.shape.slice(1), parameters: counter.parameters });
  }
  return { steps };
}

/** Gives a layer what it asks for and counts its weights. */
function recorder(g: GraphBuilder, name: string, counter: { parameters: number }): LayerContext {
  const tensor = (part: string, shape: Shape): Node => g.input(`${name}/${part}`, shape);
  return {
    g,
    name,
    training: true,
    weight(part, shape) {
      counter.parameters += sizeOf(shape);
      return tensor(part, shape);
    },
    moving: (part, shape) => tensor(part, shape),
    mask: (shape, rate) => g.randomMask(`dropout/${name}`, rate, shape),
  };
}
