import { INPUT } from '../../base/examples.ts';
import { Misfit } from '../../base/misfit.ts';
import { type Shape, sizeOf } from '../../base/shape.ts';
import { invariant } from '../../errors.ts';
import { GraphBuilder, type Node } from '../../graph/index.ts';
import { layers as catalogue } from './index.ts';
import type { LayerContext } from './layer.ts';
import { exampleShape } from './misfits.ts';
import { inputNames, type WiredLayer, wire } from './wiring.ts';

/** An input of the network: one example of it. */
export interface InputField {
  readonly name: string;
  readonly shape: Shape;
}

/** The input of a network that has only one. */
export const oneField = (shape: Shape): InputField[] => [{ name: INPUT, shape }];

export interface TraceStep {
  readonly name: string;
  readonly type: string;
  /** Names of the nodes and fields that it reads. */
  readonly inputs: readonly string[];
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
 * Shapes and parameters of a network without data, on a graph that is thrown away.
 * @param layers validated fields of each layer, in order
 */
export function traceLayers(layers: readonly WiredLayer[], fields: readonly InputField[]): Trace {
  const fieldNames = fields.map(({ name }) => name);
  const wiring = wire(layers, fieldNames);
  const g = new GraphBuilder();
  const steps: TraceStep[] = [];
  const inputs = fields.map(({ name, shape }) => g.input(name, [BATCH, ...shape]));
  const outputs: Node[] = [];
  for (const [index, layer] of layers.entries()) {
    const entry = catalogue.get(layer.type);
    invariant(entry, `layer ${layer.type} passed validation`);
    const name = wiring.names[index]!;
    const counter = { parameters: 0 };
    const wrong = wiring.problems.find((problem) => problem.index === index);
    if (wrong) return { steps, problem: { index, misfit: wrong.misfit } };
    const read = wiring.wires[index]!.map((one) =>
      'field' in one ? inputs[one.field]! : outputs[one.node]!,
    );
    try {
      outputs.push(entry.apply(recorder(g, name, counter), read, layer));
    } catch (misfit) {
      if (misfit instanceof Misfit) return { steps, problem: { index, misfit } };
      throw misfit;
    }
    const shape = exampleShape(outputs[index]!);
    const { parameters } = counter;
    steps.push({ name, type: layer.type, inputs: inputNames(wiring, fieldNames, index), shape, parameters });
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
    trainable: true,
    weight(part, shape) {
      counter.parameters += sizeOf(shape);
      return tensor(part, shape);
    },
    moving: (part, shape) => tensor(part, shape),
    mask: (shape, rate) => g.randomMask(`dropout/${name}`, rate, shape),
  };
}
