import type { Graph, Node, OpName, Shape, ValueId } from '../../../graph/index.ts';
import { sizeOf } from '../../../graph/index.ts';

/**
 * How a value lies in memory. `logical`: in the IR's order of axes (images [n, h, w, c]). `nchw`: an
 * image with its channels first, as ONNX' convolutions and pools want it. (ONNX Runtime's blocked
 * nchwc would be a third.)
 */
export type Layout = 'logical' | 'nchw';

/** Axis i of the result is axis TO_NCHW[i] of [n, h, w, c]; FROM_NCHW is its inverse. */
export const TO_NCHW = [0, 3, 1, 2] as const;
export const FROM_NCHW = [0, 2, 3, 1] as const;

export const physicalShape = (shape: Shape, layout: Layout): Shape =>
  layout === 'nchw' ? TO_NCHW.map((axis) => shape[axis]) : shape;

/** Where a logical axis lies in memory. */
export const physicalAxis = (axis: number, layout: Layout): number =>
  layout === 'nchw' ? FROM_NCHW[axis] : axis;

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
/** Values that are made in whichever layout a reader asks for. */
const anyLayout: ReadonlySet<OpName> = new Set(['constant', 'iota', 'broadcast']);

function roleOf(node: Node): Role {
  const role = roles[node.op];
  if (role) return role;
  if (logicalOnly.has(node.op) || node.shape.length !== 4)
    return { reads: node.inputs.map(() => 'logical'), makes: 'logical' };
  return { reads: node.inputs.map(() => 'own'), makes: 'own' };
}

/**
 * Chooses a layout for every value. Free nodes (element-wise and the like) start with what their
 * operands have; then each is flipped where that transposes fewer bytes, a few sweeps from the
 * outputs to the inputs. Transposes are counted once a value, as they are shared.
 */
export function planLayouts({ nodes, outputs }: Graph): Layout[] {
  const role = nodes.map(roleOf);
  const layouts: Layout[] = [];
  for (const node of nodes) {
    const { makes } = role[node.id];
    const images = node.inputs.some((id) => layouts[id] === 'nchw');
    layouts.push(makes !== 'own' ? makes : images ? 'nchw' : 'logical');
  }
  const readers: { node: ValueId; wish: Wish }[][] = nodes.map(() => []);
  for (const node of nodes)
    node.inputs.forEach((id, i) => {
      readers[id].push({ node: node.id, wish: role[node.id].reads[i] });
    });
  for (const { value } of outputs) readers[value].push({ node: -1, wish: 'logical' });

  const wanted = ({ node, wish }: { node: ValueId; wish: Wish }) => (wish === 'own' ? layouts[node] : wish);
  const differs = (id: ValueId) => readers[id].some((r) => wanted(r) !== 'any' && wanted(r) !== layouts[id]);
  const costs = nodes.map((n) =>
    n.shape.length !== 4 || anyLayout.has(n.op) || isFree(n.shape, TO_NCHW) ? 0 : sizeOf(n.shape),
  );
  const cost = (ids: ReadonlySet<ValueId>) => {
    let total = 0;
    for (const id of ids) if (differs(id)) total += costs[id];
    return total;
  };
  const free = nodes.filter((n) => role[n.id].makes === 'own').reverse();
  for (let sweep = 0; sweep < 4; sweep++) {
    let flips = 0;
    for (const { id, inputs } of free) {
      const around = new Set([id, ...inputs]);
      const before = cost(around);
      const readersAgree = !differs(id);
      layouts[id] = layouts[id] === 'nchw' ? 'logical' : 'nchw';
      const gain = before - cost(around);
      // At a tie the readers' wish counts: the transpose moves up, where another flip may remove it.
      if (gain > 0 || (gain === 0 && !readersAgree && !differs(id))) flips++;
      else layouts[id] = layouts[id] === 'nchw' ? 'logical' : 'nchw';
    }
    if (flips === 0) break;
  }
  return layouts;
}
