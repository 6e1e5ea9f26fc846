import { shortest } from '../base/shortest.ts';
import type { Dims } from './dims.ts';
import type { Graph, Node, NodeOf, OpName, Ops, Padding2d } from './types.ts';

/**
 * One line for each node and output, the same text for the same graph on every machine:
 * `%12 f32[128, 26, 26, 32] = conv2d(%3, %9) strides=1x1 padding=valid  # conv2d_1`.
 * Attributes that the result's type shows, and dilations or interiors that do nothing, are left out.
 */
export function printGraph(graph: Graph): string {
  const lines = graph.nodes.map(printNode);
  for (const { name, value } of graph.outputs) lines.push(`output ${JSON.stringify(name)} = %${value}`);
  return lines.map((line) => `${line}\n`).join('');
}

function printNode(node: Node): string {
  const type = `${node.dtype}${list(node.shape)}`;
  const operands = node.inputs.length === 0 ? '' : `(${node.inputs.map((id) => `%${id}`).join(', ')})`;
  const printer = (attributes as Partial<Record<OpName, (node: Node) => string>>)[node.op];
  const attrs = printer?.(node) ?? '';
  return [
    `%${node.id} ${type} = ${node.op}${operands}`,
    attrs && ` ${attrs}`,
    node.scope && `  # ${node.scope}`,
  ].join('');
}

type WithAttributes = { [O in OpName]: Ops[O] extends Ops['neg'] ? never : O }[OpName];

const list = (values: Dims) => `[${values.join(', ')}]`;
const pair = (values: readonly number[]) => values.join('x');
const padding = ([h, w]: Padding2d) =>
  [...h, ...w].every((p) => p === 0) ? 'padding=valid' : `padding=${h.join('+')}x${w.join('+')}`;
const conv = ({ attrs }: { attrs: Ops['conv2d'] }) =>
  [
    `strides=${pair(attrs.strides)} ${padding(attrs.padding)}`,
    attrs.dilations.some((d) => d !== 1) ? ` dilations=${pair(attrs.dilations)}` : '',
  ].join('');
const pool = ({ attrs }: { attrs: Ops['max_pool2d'] }) =>
  `window=${pair(attrs.window)} strides=${pair(attrs.strides)} ${padding(attrs.padding)}`;
const axes = ({ attrs }: { attrs: Ops['reduce_sum'] }) => `axes=${list(attrs.axes)}`;
const axis = ({ attrs }: { attrs: Ops['concat'] }) => `axis=${attrs.axis}`;
const implied = () => '';

/** Total over the primitives that have attributes. */
const attributes: { readonly [O in WithAttributes]: (node: NodeOf<O>) => string } = {
  input: ({ attrs }) => JSON.stringify(attrs.name),
  constant: ({ attrs: { data } }) => (data.length === 1 ? scalarText(data) : `fnv=${fnv1a(data)}`),
  iota: axis,
  random_mask: ({ attrs }) => `stream=${JSON.stringify(attrs.stream)} rate=${attrs.rate}`,
  cast: implied,
  reduce_sum: axes,
  reduce_max: axes,
  argmax: axis,
  reshape: implied,
  transpose: ({ attrs }) => `permutation=${list(attrs.permutation)}`,
  broadcast: implied,
  slice: ({ attrs }) =>
    [
      `starts=${list(attrs.starts)} limits=${list(attrs.limits)}`,
      attrs.strides.some((s) => s !== 1) ? ` strides=${list(attrs.strides)}` : '',
    ].join(''),
  pad: ({ attrs }) =>
    [
      `low=${list(attrs.low)} high=${list(attrs.high)}`,
      attrs.interior.some((n) => n !== 0) ? ` interior=${list(attrs.interior)}` : '',
      attrs.value !== 0 ? ` value=${attrs.value}` : '',
    ].join(''),
  concat: axis,
  scatter_add: ({ attrs }) => `rows=${attrs.rows}`,
  matmul: ({ attrs }) =>
    [attrs.transposeA && 'transpose_a', attrs.transposeB && 'transpose_b'].filter(Boolean).join(' '),
  conv2d: conv,
  conv2d_input_grad: conv,
  conv2d_weight_grad: conv,
  max_pool2d: pool,
  max_pool2d_grad: pool,
  sum_pool2d: pool,
  sum_pool2d_grad: pool,
};

/** A single value; -0 keeps its sign. */
export function scalarText(data: Float32Array | Int32Array): string {
  const value = data[0]!;
  if (Object.is(value, -0)) return '-0';
  return data instanceof Int32Array ? String(value) : shortest(value);
}

/** FNV-1a, 32 bits, over the little-endian bytes of the elements. */
function fnv1a(data: Float32Array | Int32Array): string {
  let hash = 0x811c9dc5;
  for (const word of new Uint32Array(data.buffer, data.byteOffset, data.length)) {
    for (let shift = 0; shift < 32; shift += 8) {
      hash = Math.imul(hash ^ ((word >>> shift) & 0xff), 0x01000193);
    }
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
