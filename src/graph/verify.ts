import { isSymbolic } from './dims.ts';
import { GraphError } from './error.ts';
import { infer, type Typed } from './shapes.ts';
import { type Graph, type Node, nodeOf, type OpName, type Ops, sameShape } from './types.ts';

/**
 * The IR's rules, as code: ids count up, inputs stand before their users, every shape and type is
 * what its rule infers, sizes are positive, and names of inputs and of outputs are unique.
 *
 * @throws GraphError naming the first node or output that breaks one.
 */
export function verify(graph: Graph): void {
  const inputNames = new Set<string>();
  graph.nodes.forEach((node, position) => {
    const fail = (problem: string): never => {
      const scope = node.scope === '' ? '' : ` in ${node.scope}`;
      throw new GraphError(`%${node.id} ${node.op}${scope}: ${problem}`);
    };
    if (node.id !== position) fail(`stands at ${position}`);
    const late = node.inputs.find((id) => !(Number.isInteger(id) && id >= 0 && id < position));
    if (late !== undefined) fail(`uses %${late}, which does not stand before it`);
    if (!node.shape.every((d) => isSymbolic(d) || (Number.isInteger(d) && d > 0)))
      fail(`has the shape [${node.shape.join(', ')}]`);

    const inferred = inferAgain(graph, node, fail);
    if (inferred.dtype !== node.dtype || !sameShape(inferred.shape, node.shape)) {
      fail(`is ${text(node)}, its rule says ${text(inferred)}`);
    }
    if (node.op === 'input') {
      if (inputNames.has(node.attrs.name)) fail(`a second input named "${node.attrs.name}"`);
      inputNames.add(node.attrs.name);
    }
  });

  const outputNames = new Set<string>();
  for (const { name, value } of graph.outputs) {
    if (!graph.nodes[value]) throw new GraphError(`output "${name}" is %${value}, which does not exist`);
    if (outputNames.has(name)) throw new GraphError(`a second output named "${name}"`);
    outputNames.add(name);
  }
}

const text = (t: Typed) => `${t.dtype}[${t.shape.join(', ')}]`;

function inferAgain(graph: Graph, node: Node, fail: (problem: string) => never): Typed {
  const inputs = node.inputs.map((id) => nodeOf(graph, id));
  try {
    return infer(node.op, inputs, node.attrs as Ops[OpName], node); // leaves have the shape they say
  } catch (error) {
    if (error instanceof GraphError) return fail(error.message);
    throw error;
  }
}
