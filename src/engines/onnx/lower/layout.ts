import { sizeOf } from '../../../base/shape.ts';
import {
  type Dims,
  fixedShape,
  fourAxes,
  type Graph,
  isSymbolic,
  type Node,
  nodeOf,
  type OpName,
  perAxis,
} from '../../../graph/index.ts';

/**
 * How a value lies in memory. `logical`: in the IR's order of axes (images [n, h, w, c]). `nchw`: an image
 * with its channels first, as ONNX' convolutions and pools want it. `blocked`: [n, c / block, h, w, block],
 * as ONNX Runtime's own convolutions want it; only where `block` divides c.
 */
export type Layout = 'logical' | 'nchw' | 'blocked';

/** Axis i of the result is axis TO_NCHW[i] of [n, h, w, c]; FROM_NCHW is its inverse. */
export const TO_NCHW = [0, 3, 1, 2] as const;
export const FROM_NCHW = [0, 2, 3, 1] as const;
/** Axis i of blocked is axis TO_BLOCKED[i] of [n, h, w, c / block, block]. */
export const TO_BLOCKED = [0, 3, 1, 2, 4] as const;

/** [n, h, w, c] -> [n, h, w, c / block, block]; an axis of 1, which is repeated, stays 1 in both. */
export function splitChannels(shape: Dims, block: number): Dims {
  const [n, h, w, c] = fourAxes(shape);
  return c === 1 ? [n, h, w, 1, 1] : [n, h, w, c / block, block];
}

/** What belongs to each axis, in another order of the axes. */
export const permuted = <T>(values: readonly T[], permutation: readonly number[]): T[] =>
  permutation.flatMap((axis) => values.slice(axis, axis + 1));

export function physicalShape(shape: Dims, layout: Layout, block: number): Dims {
  if (layout === 'nchw') return permuted(shape, TO_NCHW);
  if (layout === 'blocked') return permuted(splitChannels(shape, block), TO_BLOCKED);
  return shape;
}

/** Where a logical axis lies in memory: one place, or two for blocked channels. */
export function physicalAxes(axis: number, layout: Layout): readonly number[] {
  const places = { logical: undefined, nchw: FROM_NCHW[axis], blocked: [[0], [2], [3], [1, 4]][axis] }[
    layout
  ];
  return [places ?? axis].flat();
}

/** Where a logical axis begins in memory. */
export const axisOf = (axis: number, layout: Layout): number => physicalAxes(axis, layout)[0] ?? axis;

/** Whether permuting moves nothing in memory: all axes longer than 1 keep their order. */
export function isFree(shape: Dims, permutation: readonly number[]): boolean {
  const long = permutation.filter((axis) => shape[axis] !== 1);
  return long.every((axis, i) => axis > (long[i - 1] ?? -1));
}

/** What an operation wants of an operand or makes: a layout, the node's own choice, or whatever comes. */
type Wish = Layout | 'own' | 'any';
interface Role {
  readonly reads: readonly Wish[];
  readonly makes: Layout | 'own';
}

const roles: Partial<Record<OpName, Role>> = {
  conv2d: { reads: ['nchw', 'logical'], makes: 'nchw' },
  conv2d_input_grad: { reads: ['nchw', 'logical'], makes: 'nchw' },
  conv2d_weight_grad: { reads: ['logical', 'nchw'], makes: 'logical' },
  max_pool2d: { reads: ['nchw'], makes: 'nchw' },
  max_pool2d_grad: { reads: ['nchw', 'nchw'], makes: 'nchw' },
  sum_pool2d: { reads: ['nchw'], makes: 'nchw' },
  sum_pool2d_grad: { reads: ['nchw'], makes: 'nchw' },
  broadcast: { reads: ['any'], makes: 'logical' },
  reduce_sum: { reads: ['any'], makes: 'logical' },
  reduce_max: { reads: ['any'], makes: 'logical' },
  argmax: { reads: ['any'], makes: 'logical' },
};
const logicalOnly: ReadonlySet<OpName> = new Set([
  'input',
  'constant',
  'iota',
  'random_mask',
  'reshape',
  'transpose',
  'gather',
  'scatter_add',
  'matmul',
]);
/** They name axes, which in the blocked layout aren't one for one. */
const neverBlocked: ReadonlySet<OpName> = new Set(['slice', 'pad', 'concat']);
/** Values that are made in whichever layout a reader asks for. */
const anyLayout: ReadonlySet<OpName> = new Set(['constant', 'iota', 'broadcast']);

const isBlockable = (shape: Dims, block: number) =>
  block > 0 && shape.length === 4 && fourAxes(shape)[3] % block === 0;

/** Operations that have a form on the blocked layout, where their channels allow it. */
function blockedRole(graph: Graph, node: Node, block: number): Role | undefined {
  if (block === 0) return undefined;
  const fits = (shape: Dims) => isBlockable(shape, block);
  switch (node.op) {
    case 'conv2d': {
      const x = nodeOf(graph, node.inputs[0]);
      if (!fits(node.shape)) return undefined;
      // Of few channels it reads the plain layout.
      if (fourAxes(x.shape)[3] < block) return { reads: ['nchw', 'logical'], makes: 'blocked' };
      return fits(x.shape) ? { reads: ['blocked', 'logical'], makes: 'blocked' } : undefined;
    }
    case 'conv2d_input_grad': {
      const { strides, padding, dilations } = node.attrs;
      const dy = nodeOf(graph, node.inputs[0]).shape;
      const size = fourAxes(fixedShape(nodeOf(graph, node.inputs[1]).shape));
      const inside = perAxis((axis) => Math.max(...padding[axis]) <= dilations[axis] * (size[axis] - 1));
      const plain = strides.every((s) => s === 1) && inside.every(Boolean);
      return plain && fits(node.shape) && fits(dy)
        ? { reads: ['blocked', 'logical'], makes: 'blocked' }
        : undefined;
    }
    case 'conv2d_weight_grad':
      return fits(nodeOf(graph, node.inputs[0]).shape)
        ? { reads: ['blocked', 'nchw'], makes: 'logical' }
        : undefined;
    case 'max_pool2d':
    case 'max_pool2d_grad': {
      const { window, strides, padding } = node.attrs;
      const [, h, w] = fourAxes(nodeOf(graph, node.inputs[0]).shape);
      const whole = perAxis((axis) => window[axis] === strides[axis] && [h, w][axis]! % window[axis] === 0);
      const tiled = padding.flat().every((p) => p === 0) && whole.every(Boolean);
      if (!tiled || !fits(node.shape)) return undefined;
      return { reads: node.inputs.map(() => 'blocked' as const), makes: 'blocked' };
    }
    default:
      return undefined;
  }
}

function roleOf(graph: Graph, node: Node, block: number): Role {
  const role = blockedRole(graph, node, block) ?? roles[node.op];
  if (role) return role;
  if (logicalOnly.has(node.op) || node.shape.length !== 4)
    return { reads: node.inputs.map(() => 'logical'), makes: 'logical' };
  return { reads: node.inputs.map(() => 'own'), makes: 'own' };
}

/** What a symbolic size counts for here: a batch outweighs what is read once for all of it. */
const MANY = 8192;
const magnitude = (shape: Dims): number => sizeOf(shape.map((d) => (isSymbolic(d) ? MANY : d)));

/** The layout of one value while it is chosen. */
interface Choice {
  readonly node: Node;
  readonly role: Role;
  readonly allowed: readonly Layout[];
  readonly operands: readonly Choice[];
  /** What reads it, undefined for a reader outside the graph, and in which layout. */
  readonly readers: { readonly reader?: Choice; readonly wish: Wish }[];
  /** Numbers that a conversion moves. */
  readonly size: number;
  layout: Layout;
}

function choicesOf(graph: Graph, block: number): Choice[] {
  const choices: Choice[] = [];
  for (const node of graph.nodes) {
    const role = roleOf(graph, node, block);
    const operands = node.inputs.flatMap((id) => choices[id] ?? []);
    const blockable =
      isBlockable(node.shape, block) &&
      !neverBlocked.has(node.op) &&
      [node, ...operands.map((o) => o.node)].every((n) => n.dtype === 'f32');
    const allowed: Layout[] = blockable ? ['logical', 'nchw', 'blocked'] : ['logical', 'nchw'];
    const image = operands.map((o) => o.layout).find((l) => l !== 'logical');
    const start = image && (allowed.includes(image) ? image : 'nchw');
    const layout = role.makes !== 'own' ? role.makes : (start ?? 'logical');
    const still = node.shape.length !== 4 || anyLayout.has(node.op) || isFree(node.shape, TO_NCHW);
    const size = still ? 0 : magnitude(node.shape);
    const choice = { node, role, allowed, operands, readers: [], size, layout };
    choices.push(choice);
    for (const [i, operand] of operands.entries())
      operand.readers.push({ reader: choice, wish: role.reads[i] ?? 'any' });
  }
  for (const { value } of graph.outputs) choices[value]?.readers.push({ wish: 'logical' });
  return choices;
}

/** How many other layouts a value is converted to. */
function conversions({ readers, layout }: Choice): number {
  const others = new Set(
    readers.map(({ reader, wish }) => (wish === 'own' && reader ? reader.layout : wish)),
  );
  others.delete('any');
  others.delete(layout);
  return others.size;
}

/**
 * Chooses a layout for every value; with a `block` of 0 none is blocked. Free nodes, such as element-wise
 * ones, start with the layout of their operands. A few sweeps from the outputs to the inputs then change each
 * where that moves fewer bytes. A conversion counts once for each value and layout, since its readers share
 * it.
 */
export function planLayouts(graph: Graph, block = 0): Layout[] {
  const choices = choicesOf(graph, block);
  const free = choices.filter(({ role }) => role.makes === 'own').reverse();
  for (let sweep = 0; sweep < 4; sweep++) {
    let changes = 0;
    for (const choice of free) {
      const around = [...new Set([choice, ...choice.operands])];
      const cost = () => around.reduce((total, c) => total + conversions(c) * c.size, 0);
      for (const other of choice.allowed) {
        const now = choice.layout;
        if (other === now) continue;
        const before = cost();
        const readersAgree = conversions(choice) === 0;
        choice.layout = other;
        const gain = before - cost();
        // At a tie the readers' wish counts: the conversion moves up, where another change may remove it.
        if (gain > 0 || (gain === 0 && !readersAgree && conversions(choice) === 0)) changes++;
        else choice.layout = now;
      }
    }
    if (changes === 0) break;
  }
  return choices.map(({ layout }) => layout);
}
