import { type Dims, type DType, type Graph, nodeOf } from '../../../graph/index.ts';
import { type LoweredInput, Lowering, type LoweringOptions, type MaskInput } from './lowering.ts';
import { rewrite } from './rewrite.ts';
import { type Rule, rules } from './rules.ts';

export type { MaskInput } from './lowering.ts';
export { rewrite } from './rewrite.ts';

export interface LoweredOutput {
  readonly name: string;
  /** The model's name for it: inputs and outputs share one space of names, and a state is both. */
  readonly port: string;
  readonly shape: Dims;
  readonly dtype: DType;
}

/** A graph as an ONNX model. */
export interface Lowered {
  readonly bytes: Uint8Array;
  readonly inputs: readonly LoweredInput[];
  readonly masks: readonly MaskInput[];
  readonly outputs: readonly LoweredOutput[];
  /** How many nodes of which operator. */
  readonly census: Readonly<Record<string, number>>;
}

/** Translates a graph into an ONNX model whose outputs are named `<prefix><name>`. */
export const lower = (graph: Graph, prefix: string, options: LoweringOptions): Lowered =>
  translate(rewrite(graph), prefix, options);

/** The same, node by node, of a graph that was rewritten, before it was unrolled for example. */
export function translate(graph: Graph, prefix: string, options: LoweringOptions): Lowered {
  const low = new Lowering(graph, options);
  for (const node of graph.nodes) {
    low.define(node.id, (rules[node.op] as Rule<typeof node.op>)(low, node as never));
  }
  const outputs = graph.outputs.map(({ name, value }) => {
    const { shape, dtype } = nodeOf(graph, value);
    low.model.output(`${prefix}${name}`, low.get(value), shape, dtype);
    return { name, port: `${prefix}${name}`, shape, dtype };
  });
  const { model, inputs, masks } = low;
  return {
    bytes: model.finish(),
    inputs,
    masks,
    outputs,
    get census() {
      return model.census();
    },
  };
}
