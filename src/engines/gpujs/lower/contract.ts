import { item } from '../../../base/item.ts';
import type { Shape } from '../../../base/shape.ts';
import { sizeOf } from '../../../base/shape.ts';
import type { BoundNodeOf, Padding2d, ValueId } from '../../../graph/index.ts';
import { type Dot, dot } from './dot.ts';
import type { Builder, Rule } from './kernel.ts';
import { padded } from './movement.ts';
import { fold } from './reduce.ts';
import { viewOf } from './view.ts';
import { type Coordinate, linear, text, Writer } from './writer.ts';

/** From this many products on, for each element and for all, four rows a thread pay for a pipeline's end. */
const WORTH_QUADS = { each: 128, all: 2_000_000 };

type Loops<Row> = Omit<Dot<Row>, 'rows'> & { readonly quads?: false };

/**
 * A kernel of sums of products. `row` says what a thread needs to know of the row y; with quads a thread
 * makes four rows, so each read of B serves four products.
 */
function contraction<Row>(
  b: Builder,
  makes: ValueId,
  shape: Shape,
  write: (w: Writer) => { readonly loops: Loops<Row>; readonly row: (y: Coordinate) => Row },
): void {
  const w = new Writer(b.dialect, shape);
  const { loops, row } = write(w);
  const [, height = 1] = viewOf(shape);
  const products = sizeOf(loops.outer) * sizeOf(loops.taps) * loops.inner;
  // More batch axes than z holds would put rows of several matrices into one thread.
  const quads =
    b.dialect.quads &&
    height >= 4 &&
    products >= WORTH_QUADS.each &&
    products * sizeOf(shape) >= WORTH_QUADS.all &&
    loops.quads !== false;
  const y = (r: number): Coordinate => {
    if (!quads) return height === 1 ? 0 : 'this.thread.y';
    const at = `(this.thread.y*4+${r})`;
    return height % 4 === 0 ? at : w.local(`Math.min(${at},${height - 1})`);
  };
  const rows = (quads ? [0, 1, 2, 3] : [0]).map(y);
  const sums = dot(w, { ...loops, rows: rows.map(row) });
  const here = w.here();
  const ended = sums.map((sum, r) => {
    const middle =
      shape.length === 2 ? [item(rows, r)] : [item(here, 0), ...w.split(item(rows, r), shape.slice(1, -1))];
    return b.ended(makes, w, sum, quads ? [...middle, here.at(-1)!] : here);
  });
  b.add(makes, w, quads ? `[${ended.join(',')}]` : item(ended, 0), quads);
}

const at = (w: Writer, id: ValueId, shape: Shape, coordinates: readonly Coordinate[]) =>
  w.element(id, shape, coordinates);

export const matmul: Rule<'matmul'> = (b, node) => {
  const [left] = node.inputs;
  const a = b.shapeOf(left);
  const { transposeA } = node.attrs;
  const { id: right, shape: c, transposed: transposeB } = turned(b, node);
  const middle = node.shape.slice(1, -1);
  contraction(b, node.id, node.shape, (w) => {
    const here = w.here();
    const column = here.at(-1)!;
    /** Batch axes and the row of a y. */
    const lead = (y: Coordinate): readonly Coordinate[] => {
      if (node.shape.length === 2) return [y];
      return [item(here, 0), ...(middle.length === 1 ? [y] : w.split(y, middle))];
    };
    const shared = lead('this.thread.y').slice(0, -1);
    return {
      loops: {
        ...(middle.length > 1 && { quads: false }),
        outer: [],
        taps: [1, 1],
        inner: a.at(transposeA ? -2 : -1)!,
        a: (row: readonly Coordinate[], { k }) => {
          const [batch, m] = [row.slice(0, -1), row.at(-1)!];
          return at(w, left, a, transposeA ? [...batch, k, m] : [...batch, m, k]);
        },
        b: ({ k }) => at(w, right, c, transposeB ? [...shared, column, k] : [...shared, k, column]),
      },
      row: lead,
    };
  });
};

/**
 * B as it is read best: columns side by side in memory cost a cache line for each k, so that where many rows
 * read them, they are turned first.
 */
function turned(b: Builder, node: BoundNodeOf<'matmul'>) {
  const id = node.inputs[1];
  const shape = b.shapeOf(id);
  const { transposeB } = node.attrs;
  const [k, n] = shape.slice(-2) as [number, number];
  const rows = sizeOf(node.shape) / n;
  if (transposeB || !b.dialect.turn || k < WORTH_TURNING || rows < WORTH_TURNING)
    return { id, shape, transposed: transposeB };
  const swapped = [...shape.slice(0, -2), n, k];
  const makes = b.intermediate();
  b.kernel(makes, swapped, (w, emit) => {
    const here = w.here();
    return emit.value(id, [...here.slice(0, -2), here.at(-1)!, here.at(-2)!]);
  });
  return { id: makes, shape: swapped, transposed: true };
}
const WORTH_TURNING = 32;

/** The operand with zeros around it, so that the loops need no guards; itself where there are none. */
function withBorder(
  b: Builder,
  id: ValueId,
  shape: Shape,
  padding: Padding2d,
  gaps: readonly [number, number],
) {
  const [[top, bottom], [left, right]] = padding;
  if (top === 0 && bottom === 0 && left === 0 && right === 0 && gaps[0] === 0 && gaps[1] === 0)
    return { id, shape };
  const [n, h, wide, c] = shape as [number, number, number, number];
  const grown: Shape = [
    n,
    h + (h - 1) * gaps[0] + top + bottom,
    wide + (wide - 1) * gaps[1] + left + right,
    c,
  ];
  const made = b.intermediate();
  padded(
    b,
    made,
    grown,
    shape,
    { low: [0, top, left, 0], interior: [0, ...gaps, 0], value: 0 },
    (emit, _, place) => emit.value(id, place),
  );
  return { id: made, shape: grown };
}

/** A tap's pixel, counted from a base pixel: a number where both are unrolled. */
const pixel = (
  base: Coordinate,
  ky: string | number,
  kx: string | number,
  rowStep: number,
  columnStep: number,
): Coordinate => linear([base, 1], [ky, rowStep], [kx, columnStep]);

/** An image as the kernels read it: z = image, y = pixel, x = channel. */
const pixels = (shape: Shape): Shape => [item(shape, 0), item(shape, 1) * item(shape, 2), item(shape, 3)];

/** The first pixel under a window's top left corner, as an integer. */
function corner(
  w: Writer,
  y: Coordinate,
  sizes: readonly [number, number],
  strides: readonly [number, number],
  width: number,
): Coordinate {
  const [rowStep, columnStep] = [strides[0] * width, strides[1]];
  if (columnStep === 1 && rowStep === sizes[1]) return y;
  const [oy, ox] = w.split(y, sizes) as [Coordinate, Coordinate];
  const base = linear([oy, rowStep], [ox, columnStep]);
  return typeof base === 'number' ? base : w.dialect.integer(w.local(text(base)));
}

export const conv2d: Rule<'conv2d'> = (b, node) => {
  const [image, kernel] = node.inputs as [ValueId, ValueId];
  const weights = b.shapeOf(kernel) as [number, number, number, number];
  const { strides, padding, dilations } = node.attrs;
  const x = withBorder(b, image, b.shapeOf(image), padding, [0, 0]);
  const width = item(x.shape, 2);
  const [, oh, ow] = node.shape as [number, number, number, number];
  contraction(b, node.id, node.shape, (w) => {
    const here = w.here();
    return {
      loops: {
        outer: [],
        taps: [weights[0], weights[1]],
        inner: weights[2],
        a: (base: Coordinate, { ky, kx, k }) =>
          at(w, x.id, pixels(x.shape), [
            item(here, 0),
            pixel(base, ky, kx, dilations[0] * width, dilations[1]),
            k,
          ]),
        b: ({ ky, kx, k }) => at(w, kernel, weights, [ky, kx, k, item(here, 3)]),
      },
      row: (y) => corner(w, y, [oh, ow], strides, width),
    };
  });
};

/** dX = zeros around and between dY, correlated with the kernel turned by half a circle. */
export const inputGrad: Rule<'conv2d_input_grad'> = (b, node) => {
  const [dy, kernel] = node.inputs as [ValueId, ValueId];
  const weights = b.shapeOf(kernel) as [number, number, number, number];
  const { strides, padding, dilations } = node.attrs;
  const given = b.shapeOf(dy);
  const reach = [0, 1].map((i) => item(dilations, i) * (item(weights, i) - 1));
  const low = [0, 1].map((i) => item(reach, i) - item(padding, i)[0]);
  const high = [0, 1].map((i) => {
    const grown = item(given, 1 + i) + (item(given, 1 + i) - 1) * (item(strides, i) - 1);
    return item(node.shape, 1 + i) + item(reach, i) - grown - item(low, i);
  });
  const g = withBorder(
    b,
    dy,
    given,
    [
      [item(low, 0), item(high, 0)],
      [item(low, 1), item(high, 1)],
    ],
    [strides[0] - 1, strides[1] - 1],
  );
  const width = item(g.shape, 2);
  const [, h, wide] = node.shape as [number, number, number, number];
  contraction(b, node.id, node.shape, (w) => {
    const here = w.here();
    return {
      loops: {
        outer: [],
        taps: [weights[0], weights[1]],
        inner: weights[3],
        a: (base: Coordinate, { ky, kx, k }) =>
          at(w, g.id, pixels(g.shape), [
            item(here, 0),
            linear(
              [base, 1],
              [item(reach, 0) * width + item(reach, 1), 1],
              [ky, -dilations[0] * width],
              [kx, -dilations[1]],
            ),
            k,
          ]),
        b: ({ ky, kx, k }) => at(w, kernel, weights, [ky, kx, item(here, 3), k]),
      },
      row: (y) => corner(w, y, [h, wide], [1, 1], width),
    };
  });
};

/** Where a weight's products begin: its pixel in the image, and its channel. */
interface Pixel {
  readonly first: Coordinate;
  readonly channel: Coordinate;
}

/** Elements of per-image sums that are kept at most, before they are added up. */
const PARTIALS = 4_000_000;

/** dW as sums over groups of images, then over the groups: more threads, and smaller rounding errors. */
export const weightGrad: Rule<'conv2d_weight_grad'> = (b, node) => {
  const [image, dy] = node.inputs as [ValueId, ValueId];
  const { strides, padding, dilations } = node.attrs;
  const x = withBorder(b, image, b.shapeOf(image), padding, [0, 0]);
  const width = item(x.shape, 2);
  const given = b.shapeOf(dy) as [number, number, number, number];
  const [images, oh, ow] = given;
  const [kh, kw, ci, co] = node.shape as [number, number, number, number];
  const groups = groupsOf(images, sizeOf(node.shape));
  const each = images / groups;
  const partial: Shape = [groups, kh, kw, ci, co];
  const makes = groups === 1 ? node.id : b.intermediate();
  contraction(b, makes, partial, (w) => {
    const here = w.here();
    const n = (i: string | number): Coordinate => linear([item(here, 0), each], [i, 1]);
    return {
      loops: {
        outer: [each, oh],
        taps: [1, 1],
        inner: ow,
        enter: ({ first, channel }: Pixel, [, oy]) => {
          const at = linear([first, 1], [oy!, strides[0] * width]);
          return { first: typeof at === 'number' ? at : w.dialect.integer(w.local(text(at))), channel };
        },
        a: ({ first, channel }: Pixel, { outer: [i], k }) =>
          at(w, x.id, pixels(x.shape), [n(i!), linear([first, 1], [k, strides[1]]), channel]),
        b: ({ outer: [i, oy], k }) =>
          at(w, dy, pixels(given), [n(i!), linear([oy!, ow], [k, 1]), item(here, 4)]),
      },
      row: (y) => {
        const [ky, kx, channel] = w.split(y, [kh, kw, ci]) as [Coordinate, Coordinate, Coordinate];
        const first = linear([ky, dilations[0] * width], [kx, dilations[1]]);
        return {
          first: typeof first === 'number' ? first : w.dialect.integer(w.local(text(first))),
          channel,
        };
      },
    };
  });
  if (groups > 1)
    fold(b, node.id, partial, [0], (w, _, place) => w.local(w.element(makes, partial, place)), false);
};

/** The largest divisor of `images` whose partial sums stay within the bound. */
function groupsOf(images: number, size: number): number {
  const most = Math.max(1, Math.floor(PARTIALS / size));
  for (let groups = Math.min(images, most); groups > 1; groups--) if (images % groups === 0) return groups;
  return 1;
}
