import { fillMask, streamKey } from '../../base/random.ts';
import { sizeOf } from '../../base/shape.ts';
import { bind, type Graph, GraphError, type OpName } from '../../graph/index.ts';
import { contract } from './contract.ts';
import { elementwise } from './elementwise.ts';
import { type Kernel, type Kernels, tabulate, type Value } from './kernel.ts';
import { movement } from './movement.ts';
import { reduce } from './reduce.ts';
import { window } from './window.ts';

export type MaskSource = (stream: string, rate: number, size: number) => ArrayLike<number>;

export interface EvaluateOptions {
  /** Where `random_mask` comes from; else the streams of base/random.ts under `seed` and `counter`. */
  readonly mask?: MaskSource;
  readonly seed?: number;
  readonly counter?: number;
}

/**
 * Computes a graph's outputs in float64, one node after the other: the definition of what every
 * primitive means. i32 arithmetic is exact as long as it stays in range.
 *
 * @param inputs row-major values for each input node, by its name
 * @returns row-major values of each output, by its name; bool as 0 and 1
 * @throws GraphError when a size is symbolic, an input is missing or has another size, or an index is out of
 * range
 */
export function evaluateGraph(
  graph: Graph,
  inputs: Readonly<Record<string, ArrayLike<number>>>,
  options: EvaluateOptions = {},
): Record<string, Float64Array> {
  const kernels: Kernels<OpName> = {
    ...leaves(inputs, options.mask ?? streams(options.seed ?? 0, options.counter ?? 0)),
    ...elementwise,
    ...movement,
    ...reduce,
    ...contract,
    ...window,
  };
  const values: Value[] = [];
  for (const node of bind(graph).nodes) {
    const kernel = kernels[node.op] as Kernel<OpName>;
    const operands = node.inputs.map((id) => values[id]!);
    const data = kernel(node as Parameters<typeof kernel>[0], operands as never);
    values.push({ shape: node.shape, dtype: node.dtype, data });
  }
  return Object.fromEntries(graph.outputs.map(({ name, value }) => [name, values[value]!.data.slice()]));
}

const streams =
  (seed: number, counter: number): MaskSource =>
  (stream, rate, size) => {
    const mask = new Float32Array(size);
    fillMask(mask, streamKey(seed, stream, counter), rate);
    return mask;
  };

function leaves(
  inputs: Readonly<Record<string, ArrayLike<number>>>,
  mask: MaskSource,
): Kernels<'input' | 'constant' | 'iota' | 'random_mask'> {
  return {
    input: ({ attrs: { name }, shape }) => {
      const given = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
      if (given?.length !== sizeOf(shape)) {
        const found = given ? `found ${given.length}` : 'found none';
        throw new GraphError(`input "${name}" needs ${sizeOf(shape)} values, ${found}`);
      }
      return Float64Array.from(given);
    },
    constant: ({ attrs: { data } }) => Float64Array.from(data),
    iota: ({ attrs: { axis }, shape }) => tabulate(shape, (at) => at[axis]!),
    random_mask: ({ attrs: { stream, rate }, shape }) => Float64Array.from(mask(stream, rate, sizeOf(shape))),
  };
}
