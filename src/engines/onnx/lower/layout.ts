import type { Shape } from '../../../base/shape.ts';
import { sizeOf } from '../../../base/shape.ts';
import type { Graph, Node, OpName, ValueId } from '../../../graph/index.ts';

/**
 * How a value lies in memory. `logical`: in the IR's order of axes (images [n, h, w, c]). `nchw`: an
 * image with its channels first, as ONNX' convolutions and pools want it. `blocked`: [n, c / block, h, w, block],
 * as ONNX Runtime's own convolutions want it; only where `block` divides c.
 */
export type Layout = 'logical' | 'nchw' | 'blocked';

/** Axis i of the result is axis TO_NCHW[i] of [n, h, w, c]; FROM_NCHW is its inverse. */
export const TO_NCHW = [0, 3, 1, 2] as const;
export const FROM_NCHW = [0, 2, 3, 1] as const;
/** Axis i of blocked is axis TO_BLOCKED[i] of [n, h, w, c / block, block]. */
export const TO_BLOCKED = [0, 3, 1, 2, 4] as const;

/** [n, h, w, c] -> [n, h, w, c / block, block]; an axis of 1, which is repeated, stays 1 in both. */
export const splitChannels = ([n, h, w, c]: Shape, block: number): Shape =>
  c === 1 ? [n, h, w, 1, 1] : [n, h, w, c / block, block];

export function physicalShape(shape: Shape, layout: Layout, block: number): Shape {
  if (layout === 'nchw') return TO_NCHW.map((axis) => shape[axis]);
  if (layout === 'blocked') return TO_BLOCKED.map((axis) => splitChannels(shape, block)[axis]);
  return shape;
}

/** Where a logical axis lies in memory: one place, or two for blocked channels. */
export function physicalAxes(axis: number, layout: Layout): readonly number[] {
  if (layout === 'nchw') return [FROM_NCHW[axis]];
  if (layout === 'blocked') return [[0], [2], [3], [1, 4]][axis];
  return [axis];
}

/** Whether permuting moves nothing in memory: all axes longer than 1 keep their order. */
export function isFree(shape: Shape, permutation: readonly number[]): boolean {
  const long = permutation.filter((axis) => shape[axis] !== 1);
  return long.every((axis, i) => i === 0 || axis > long[i - 1]);
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

const isBlockable = (shape: Shape, block: number) =>
  block > 0 && shape.length === 4 && shape[3] % block === 0;

/** Operations that have a form on the blocked layout, where their channels allow it. */
function blockedRole(graph: Graph, node: Node, block: number): Role | undefined {
  if (block === 0) return undefined;
  const input = (index: number) => graph.nodes[node.inputs[index]];
  const fits = (shape: Shape) => isBlockable(shape, block);
  switch (node.op) {
    case 'conv2d': {
      const [x] = [input(0)];
      if (!fits(node.shape)) return undefined;
      // Of few channels it reads the plain layout.
      if (x.shape[3] < block) return { reads: ['nchw', 'logical'], makes: 'blocked' };
      return fits(x.shape) ? { reads: ['blocked', 'logical'], makes: 'blocked' } : undefined;
    }
    case 'conv2d_input_grad': {
      const { strides, padding, dilations } = node.attrs;
      const [kh, kw] = input(1).shape;
      const reach = [kh, kw].map((size, axis) => dilations[axis] * (size - 1));
      const plain =
        strides.every((s) => s === 1) && padding.every((p, axis) => Math.max(...p) <= reach[axis]);
      return plain && fits(node.shape) && fits(input(0).shape)
        ? { reads: ['blocked', 'logical'], makes: 'blocked' }
        : undefined;
    }
    case 'conv2d_weight_grad':
      return fits(input(0).shape) ? { reads: ['blocked', 'nchw'], makes: 'logical' } : undefined;
    case 'max_pool2d':
    case 'max_pool2d_grad': {
      const { window, strides, padding } = node.attrs;
      const [, h, w] = input(0).shape;
      const tiled =
        padding.flat().every((p) => p === 0) &&
        [h, w].every((size, axis) => window[axis] === strides[axis] && size % window[axis] === 0);
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

/**
 * Chooses a layout for every value; with a `block` of 0 none is blocked. Free nodes (element-wise and the like) start
 * with what their operands have; then each is changed where that moves fewer bytes, a few sweeps from the
 * outputs to the inputs. Conversions are counted once a value and layout, as they are shared.
 */
export function planLayouts(graph: Graph, block = 0): Layout[] {
  const { nodes, outputs } = graph;
  const role = nodes.map((node) => roleOf(graph, node, block));
  const allowed = nodes.map((node): readonly Layout[] =>
    isBlockable(node.shape, block) &&
    !neverBlocked.has(node.op) &&
    [node, ...node.inputs.map((id) => nodes[id])].every((n) => n.dtype === 'f32')
      ? ['logical', 'nchw', 'blocked']
      : ['logical', 'nchw'],
  );
  const layouts: Layout[] = [];
  for (const node of nodes) {
    const { makes } = role[node.id];
    const image = node.inputs.map((id) => layouts[id]).find((l) => l !== 'logical');
    const start = image && (allowed[node.id].includes(image) ? image : 'nchw');
    layouts.push(makes !== 'own' ? makes : (start ?? 'logical'));
  }
  const readers: { node: ValueId; wish: Wish }[][] = nodes.map(() => []);
  for (const node of nodes)
    node.inputs.forEach((id, i) => {
      readers[id].push({ node: node.id, wish: role[node.id].reads[i] });
    });
  for (const { value } of outputs) readers[value].push({ node: -1, wish: 'logical' });

  const wanted = ({ node, wish }: { node: ValueId; wish: Wish }) => (wish === 'own' ? layouts[node] : wish);
  const conversions = (id: ValueId) => {
    const others = new Set(readers[id].map(wanted));
    others.delete('any');
    others.delete(layouts[id]);
    return others.size;
  };
  const costs = nodes.map((n) =>
    n.shape.length !== 4 || anyLayout.has(n.op) || isFree(n.shape, TO_NCHW) ? 0 : sizeOf(n.shape),
  );
  const cost = (ids: ReadonlySet<ValueId>) => {
    let total = 0;
    for (const id of ids) total += conversions(id) * costs[id];
    return total;
  };
  const free = nodes.filter((n) => role[n.id].makes === 'own').reverse();
  for (let sweep = 0; sweep < 4; sweep++) {
    let changes = 0;
    for (const { id, inputs } of free) {
      const around = new Set([id, ...inputs]);
      for (const other of allowed[id]) {
        const now = layouts[id];
        if (other === now) continue;
        const before = cost(around);
        const readersAgree = conversions(id) === 0;
        layouts[id] = other;
        const gain = before - cost(around);
        // At a tie the readers' wish counts: the conversion moves up, where another change may remove it.
        if (gain > 0 || (gain === 0 && !readersAgree && conversions(id) === 0)) changes++;
        else layouts[id] = now;
      }
    }
    if (changes === 0) break;
  }
  return layouts;
}
