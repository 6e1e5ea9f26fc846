import { item } from '../../../base/item.ts';
import type { Shape } from '../../../base/shape.ts';
import type { Pool2dAttrs, ValueId } from '../../../graph/index.ts';
import type { Emitter } from './emit.ts';
import type { Rule } from './kernel.ts';
import { type Coordinate, linear, text, type Writer } from './writer.ts';

/** -FLT_MAX: below every number that a window can hold, but for minus infinity itself. */
const LOWEST = '(0.0-3.4028234663852886e38)';

interface Tap {
  readonly ky: number;
  readonly kx: number;
}
const taps = ({ window }: Pool2dAttrs): Tap[] =>
  Array.from({ length: window[0] * window[1] }, (_, i) => ({
    ky: Math.floor(i / window[1]),
    kx: i % window[1],
  }));

/** Runs `body` with the place of a window's tap in x, where that isn't padding. */
function inside(
  w: Writer,
  x: Shape,
  attrs: Pool2dAttrs,
  [oy, ox]: readonly [Coordinate, Coordinate],
  { ky, kx }: Tap,
  body: (iy: Coordinate, ix: Coordinate) => void,
): void {
  const iy = linear([oy, attrs.strides[0]], [ky - attrs.padding[0][0], 1]);
  const ix = linear([ox, attrs.strides[1]], [kx - attrs.padding[1][0], 1]);
  const conditions: string[] = [];
  for (const [c, size, [low, high]] of [
    [iy, item(x, 1), attrs.padding[0]],
    [ix, item(x, 2), attrs.padding[1]],
  ] as const) {
    if (low > 0) conditions.push(`${text(c)}>=0`);
    if (high > 0) conditions.push(`${text(c)}<${size}`);
  }
  if (conditions.length === 0) {
    body(iy, ix);
    return;
  }
  w.line(`if(${conditions.join('&&')}){`);
  body(iy, ix);
  w.line('}');
}

export const maxPool: Rule<'max_pool2d'> = (b, node) => {
  const [x] = node.inputs as [ValueId];
  b.kernel(node.id, node.shape, (w, emit) => {
    const [n, oy, ox, c] = w.here() as [Coordinate, Coordinate, Coordinate, Coordinate];
    const largest = w.variable(LOWEST);
    for (const tap of taps(node.attrs))
      inside(w, b.shapeOf(x), node.attrs, [oy, ox], tap, (iy, ix) =>
        emit.scoped(() => {
          const value = emit.value(x, [n, iy, ix, c]);
          w.line(`if(${value}>${largest}){${largest}=${value};}`);
        }),
      );
    return largest;
  });
};

export const sumPool: Rule<'sum_pool2d'> = (b, node) => {
  const [x] = node.inputs as [ValueId];
  b.kernel(node.id, node.shape, (w, emit) => {
    const [n, oy, ox, c] = w.here() as [Coordinate, Coordinate, Coordinate, Coordinate];
    const sum = w.variable('0.0');
    for (const tap of taps(node.attrs))
      inside(w, b.shapeOf(x), node.attrs, [oy, ox], tap, (iy, ix) =>
        emit.scoped(() => w.line(`${sum}+=${emit.value(x, [n, iy, ix, c])};`)),
      );
    return sum;
  });
};

interface Covering {
  /** The window, and which of its taps this place is. */
  readonly oy: string;
  readonly ox: string;
  readonly ky: string;
  readonly kx: string;
}

/**
 * Runs `body` for each window that covers a place of x: the gather form of a scatter, so that every
 * thread writes only its own element.
 */
function covering(
  w: Writer,
  y: Shape,
  { window, strides, padding }: Pool2dAttrs,
  [iy, ix]: readonly [Coordinate, Coordinate],
  body: (place: Covering) => void,
): void {
  const axis = (c: Coordinate, a: 0 | 1) => {
    const at = w.local(`${text(linear([c, 1], [padding[a][0], 1]))}+0.0`);
    return { at, newest: w.local(`Math.floor((${at}+0.5)/${strides[a]}.0)`) };
  };
  const [vertical, horizontal] = [axis(iy, 0), axis(ix, 1)];
  for (let j = 0; j < Math.ceil(window[0] / strides[0]); j++)
    for (let i = 0; i < Math.ceil(window[1] / strides[1]); i++) {
      const oy = w.local(`${vertical.newest}-${j}.0`);
      const ox = w.local(`${horizontal.newest}-${i}.0`);
      const ky = w.local(`${vertical.at}-${oy}*${strides[0]}.0`);
      const kx = w.local(`${horizontal.at}-${ox}*${strides[1]}.0`);
      w.line(
        `if(${oy}>=0.0&&${oy}<${y[1]}.0&&${ox}>=0.0&&${ox}<${y[2]}.0&&${ky}<${window[0]}.0&&${kx}<${window[1]}.0){`,
      );
      body({ oy, ox, ky, kx });
      w.line('}');
    }
}

export const sumPoolGrad: Rule<'sum_pool2d_grad'> = (b, node) => {
  const [dy] = node.inputs as [ValueId];
  b.kernel(node.id, node.shape, (w, emit) => {
    const [n, iy, ix, c] = w.here() as [Coordinate, Coordinate, Coordinate, Coordinate];
    const sum = w.variable('0.0');
    covering(w, b.shapeOf(dy), node.attrs, [iy, ix], ({ oy, ox }) =>
      emit.scoped(() => w.line(`${sum}+=${emit.value(dy, [n, oy, ox, c])};`)),
    );
    return sum;
  });
};

/**
 * A place gets a window's gradient if no earlier tap is as large and no later one larger: the first maximum.
 */
export const maxPoolGrad: Rule<'max_pool2d_grad'> = (b, node) => {
  const [x, dy] = node.inputs as [ValueId, ValueId];
  const own = (emit: Emitter, at: Coordinate[]) => emit.value(x, at);
  b.kernel(node.id, node.shape, (w, emit) => {
    const here = w.here();
    const [n, iy, ix, c] = here as [Coordinate, Coordinate, Coordinate, Coordinate];
    const value = own(emit, [...here]);
    const sum = w.variable('0.0');
    covering(w, b.shapeOf(dy), node.attrs, [iy, ix], ({ oy, ox, ky, kx }) =>
      emit.scoped(() => {
        const wins = w.variable('1.0');
        const mine = w.local(`${ky}*${node.attrs.window[1]}.0+${kx}`);
        taps(node.attrs).forEach((tap, order) => {
          inside(w, b.shapeOf(x), node.attrs, [oy, ox], tap, (ty, tx) =>
            emit.scoped(() => {
              const other = emit.value(x, [n, ty, tx, c]);
              w.line(`if(${other}>${value}||(${other}===${value}&&${order}.0<${mine})){${wins}=0.0;}`);
            }),
          );
        });
        w.line(`if(${wins}>0.5){${sum}+=${emit.value(dy, [n, oy, ox, c])};}`);
      }),
    );
    return sum;
  });
};
