import { item } from '../../../base/item.ts';
import { type Shape, sizeOf } from '../../../base/shape.ts';
import type { BoundNodeOf, ValueId } from '../../../graph/index.ts';
import type { Builder, Rule } from './kernel.ts';
import type { Coordinate, Coordinates } from './writer.ts';

/** Above this many elements a sum is made in two kernels: more threads, and smaller rounding errors. */
const ONE_PASS = 1024;

const over = (shape: Shape, axes: readonly number[]) => sizeOf(axes.map((a) => item(shape, a)));

/** Coordinates of an operand from those of the result, with loops' counters in the reduced axes. */
function spread(result: Coordinates, axes: readonly number[], counters: readonly Coordinate[], rank: number) {
  const at: Coordinate[] = [];
  let kept = 0;
  for (let axis = 0; axis < rank; axis++) {
    const i = axes.indexOf(axis);
    at.push(i >= 0 ? item(counters, i) : item(result, kept++));
  }
  return at;
}

type Read = (
  w: Parameters<Parameters<Builder['kernel']>[2]>[0],
  emit: Parameters<Parameters<Builder['kernel']>[2]>[1],
  at: Coordinates,
) => string;

/** Folds the elements along `axes`, row-major, into one. */
export function fold(
  b: Builder,
  makes: ValueId,
  shape: Shape,
  axes: readonly number[],
  read: Read,
  max: boolean,
): ValueId {
  const result = shape.filter((_, axis) => !axes.includes(axis));
  return b.kernel(makes, result, (w, emit) => {
    const here = w.here();
    const start = max
      ? read(
          w,
          emit,
          spread(
            here,
            axes,
            axes.map(() => 0),
            shape.length,
          ),
        )
      : '0.0';
    const folded = w.variable(start);
    const nest = (depth: number, counters: Coordinate[]): void => {
      if (depth === axes.length) {
        emit.scoped(() => {
          const value = read(w, emit, spread(here, axes, counters, shape.length));
          if (max) w.line(`if(${value}>${folded}){${folded}=${value};}`);
          else w.line(`${folded}+=${value};`);
        });
        return;
      }
      const size = item(shape, item(axes, depth));
      if (size === 1) nest(depth + 1, [...counters, 0]);
      else w.loop(size, 1, (counter) => nest(depth + 1, [...counters, counter]));
    };
    nest(0, []);
    return folded;
  });
}

function reduce(b: Builder, node: BoundNodeOf<'reduce_sum' | 'reduce_max'>, max: boolean): void {
  const operand = node.inputs[0];
  const shape = b.shapeOf(operand);
  const { axes } = node.attrs;
  const first: Read = (_, emit, at) => emit.value(operand, at);
  const live = axes.filter((a) => item(shape, a) > 1);
  if (live.length < 2 || over(shape, axes) <= ONE_PASS) {
    fold(b, node.id, shape, axes, first, max);
    return;
  }
  // All but the longest of the reduced axes, then that one.
  const last = live.reduce((a, c) => (item(shape, c) > item(shape, a) ? c : a));
  const inner = axes.filter((a) => a !== last);
  const partial = fold(b, b.intermediate(), shape, inner, first, max);
  const rest = shape.filter((_, axis) => !inner.includes(axis));
  const axis = last - inner.filter((a) => a < last).length;
  fold(b, node.id, rest, [axis], (w, _, at) => w.local(w.element(partial, rest, at)), max);
}

export const reduceSum: Rule<'reduce_sum'> = (b, node) => reduce(b, node, false);
export const reduceMax: Rule<'reduce_max'> = (b, node) => reduce(b, node, true);

/** The index of the first of the largest elements. */
export const argmax: Rule<'argmax'> = (b, node) => {
  const operand = node.inputs[0];
  const shape = b.shapeOf(operand);
  const { axis } = node.attrs;
  b.kernel(node.id, node.shape, (w, emit) => {
    const here = w.here();
    const at = (counter: Coordinate) => spread(here, [axis], [counter], shape.length);
    const best = w.variable('0.0');
    const largest = w.variable(emit.value(operand, at(0)));
    w.loop(item(shape, axis), 1, (counter) => {
      emit.scoped(() => {
        const value = emit.value(operand, at(counter));
        w.line(`if(${value}>${largest}){${largest}=${value};${best}=${counter};}`);
      });
    });
    return best;
  });
};
