import { item } from '../../../base/item.ts';
import { type Shape, sizeOf } from '../../../base/shape.ts';
import { invariant } from '../../../errors.ts';
import type { ValueId } from '../../../graph/index.ts';
import type { Emitter } from './emit.ts';
import type { Builder, Rule } from './kernel.ts';
import { type Coordinate, linear, literal, text, type Writer } from './writer.ts';

export const transpose: Rule<'transpose'> = (b, node) => {
  const { permutation } = node.attrs;
  b.kernel(node.id, node.shape, (w, emit) => {
    const here = w.here();
    const at: Coordinate[] = [];
    permutation.forEach((from, to) => {
      at[from] = item(here, to);
    });
    return emit.value(node.inputs[0], at);
  });
};

export const slice: Rule<'slice'> = (b, node) => {
  const { starts, strides } = node.attrs;
  b.kernel(node.id, node.shape, (w, emit) =>
    emit.value(
      node.inputs[0],
      w.here().map((c, axis) => linear([c, item(strides, axis)], [item(starts, axis), 1])),
    ),
  );
};

interface Around {
  /** Elements before the first; negative where that many are cut off. */
  readonly low: readonly number[];
  readonly interior: readonly number[];
  readonly value: number;
}

/** A tensor with `value` around and between its elements, of the given shape. */
export function padded(
  b: Builder,
  makes: ValueId,
  shape: Shape,
  source: Shape,
  { low, interior, value }: Around,
  read: (emit: Emitter, w: Writer, at: Coordinate[]) => string,
): ValueId {
  return b.kernel(makes, shape, (w, emit) => {
    const conditions: string[] = [];
    const at = w.here().map((c, axis): Coordinate => {
      const [size, gap] = [item(source, axis), item(interior, axis) + 1];
      if (low[axis] === 0 && gap === 1 && shape[axis] === size) return c;
      const shifted = linear([c, 1], [-item(low, axis), 1]);
      if (typeof shifted === 'number') {
        invariant(size === 1 && shifted === 0, 'an axis of one element stays so');
        return 0;
      }
      const from = w.local(`${text(shifted)}+0.0`);
      let index = from;
      if (gap > 1) {
        // Below zero the quotient is of no interest, as the next condition fails.
        index = w.local(`Math.floor((${from}+0.5)/${gap}.0)`);
        conditions.push(`${from}-${index}*${gap}.0===0.0`);
      }
      conditions.push(`${from}>=0.0`, `${index}<${size}.0`);
      const above = w.local(`(${index}<0.0?0.0:${index})`);
      return w.local(`(${above}>${size - 1}.0?${size - 1}.0:${above})`);
    });
    const element = read(emit, w, at);
    if (conditions.length === 0) return element;
    return `(${conditions.join('&&')}?${element}:${literal(value)})`;
  });
}

export const pad: Rule<'pad'> = (b, node) => {
  const { low, interior, value } = node.attrs;
  padded(b, node.id, node.shape, b.shapeOf(node.inputs[0]), { low, interior, value }, (emit, _, at) =>
    emit.value(node.inputs[0], at),
  );
};

export const concat: Rule<'concat'> = (b, node) => {
  const { axis } = node.attrs;
  const parts = [...node.inputs];
  const sizes = parts.map((id) => b.shapeOf(id)[axis]!);
  const withSize = (size: number) => node.shape.map((d, a) => (a === axis ? size : d));
  const join = (makes: ValueId, first: ValueId | null, done: number, from: number, to: number): ValueId =>
    b.kernel(makes, withSize(sizes.slice(0, to).reduce((x, y) => x + y, 0)), (w, emit) => {
      const here = w.here();
      const c = text(item(here, axis));
      const result = w.variable('0.0');
      const inside = (start: number, size: number, read: (at: Coordinate[]) => string) => {
        w.line(`if(${c}>=${start}&&${c}<${start + size}){`);
        emit.scoped(() => {
          const at = here.map((h, a) => (a === axis ? linear([h, 1], [-start, 1]) : h));
          w.line(`${result}=${read(at)};`);
        });
        w.line('}');
      };
      if (first !== null) inside(0, done, (at) => w.element(first, withSize(done), at));
      let start = done;
      for (let i = from; i < to; i++) {
        inside(start, item(sizes, i), (at) =>
          emit.value(item(parts, i), sizes[i] === 1 ? at.map((h, a) => (a === axis ? 0 : h)) : at),
        );
        start += item(sizes, i);
      }
      return result;
    });
  // As many parts a kernel as it may read arrays.
  const most = b.dialect.reads - 1;
  let [first, done, from]: [ValueId | null, number, number] = [null, 0, 0];
  while (from < parts.length) {
    const to = Math.min(parts.length, from + most);
    const makes = to === parts.length ? node.id : b.intermediate();
    first = join(makes, first, done, from, to);
    done = sizes.slice(0, to).reduce((x, y) => x + y, 0);
    from = to;
  }
};

export const gather: Rule<'gather'> = (b, node) => {
  const [table, index] = node.inputs as [ValueId, ValueId];
  const rank = b.shapeOf(index).length;
  b.kernel(node.id, node.shape, (w, emit) => {
    const here = w.here();
    const row = emit.value(index, here.slice(0, rank));
    return emit.value(table, [row, ...here.slice(rank)]);
  });
};

/** Each row asks every index whether it means it: no two threads ever write to one place. */
export const scatterAdd: Rule<'scatter_add'> = (b, node) => {
  const [index, updates] = node.inputs as [ValueId, ValueId];
  const indices = b.shapeOf(index);
  b.kernel(node.id, node.shape, (w, emit) => {
    const [row, ...rest] = w.here();
    const sum = w.variable('0.0');
    const nest = (axis: number, at: Coordinate[]): void => {
      if (axis < indices.length) {
        if (indices[axis] === 1) nest(axis + 1, [...at, 0]);
        else w.loop(item(indices, axis), 1, (counter) => nest(axis + 1, [...at, counter]));
        return;
      }
      emit.scoped(() => {
        const target = emit.value(index, at);
        const update = emit.value(updates, [...at, ...rest]);
        w.line(`if(${target}===${text(row!)}){${sum}+=${update};}`);
      });
    };
    nest(0, []);
    return sum;
  });
};

/** A stored copy, for what is only counted otherwise so far. */
export function copy(b: Builder, id: ValueId): void {
  const shape = b.shapeOf(id);
  invariant(sizeOf(shape) > 0, 'no empty tensors');
  b.kernel(id, shape, (w, emit) => emit.computed(id, w.here()));
}
