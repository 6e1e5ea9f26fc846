import { sizeOf } from '../../base/shape.ts';
import { GraphError } from '../../graph/index.ts';
import { coordinatesOf, indexOf, type Kernels, tabulate, type Value } from './kernel.ts';

/** The row of a table that element i of an index tensor names. */
function row(index: Value, i: number, rows: number): number {
  const found = index.data[i]!;
  if (found >= 0 && found < rows) return found;
  throw new GraphError(`index ${found} into a table of ${rows} rows`);
}

export const movement: Kernels<
  'reshape' | 'transpose' | 'broadcast' | 'slice' | 'pad' | 'concat' | 'gather' | 'scatter_add'
> = {
  reshape: (_, [x]) => x.data.slice(),
  transpose: ({ attrs: { permutation }, shape }, [x]) =>
    tabulate(shape, (to) => {
      const from = permutation.map((_, axis) => to[permutation.indexOf(axis)]!);
      return x.data[indexOf(from, x.shape)]!;
    }),
  broadcast: ({ shape }, [x]) =>
    tabulate(shape, (to) => {
      const from = to.slice(shape.length - x.shape.length).map((c, axis) => (x.shape[axis] === 1 ? 0 : c));
      return x.data[indexOf(from, x.shape)]!;
    }),
  slice: ({ attrs: { starts, strides }, shape }, [x]) =>
    tabulate(shape, (to) => {
      const from = to.map((c, axis) => starts[axis]! + c * strides[axis]!);
      return x.data[indexOf(from, x.shape)]!;
    }),
  pad: ({ attrs: { low, interior, value }, shape }, [x]) => {
    const out = new Float64Array(sizeOf(shape)).fill(value);
    x.data.forEach((element, i) => {
      const to = coordinatesOf(i, x.shape).map((c, axis) => low[axis]! + c * (interior[axis]! + 1));
      out[indexOf(to, shape)] = element;
    });
    return out;
  },
  concat: ({ attrs: { axis }, shape }, parts) =>
    tabulate(shape, (to) => {
      const from = [...to];
      let part = 0;
      while (from[axis]! >= parts[part]!.shape[axis]!) from[axis]! -= parts[part++]!.shape[axis]!;
      return parts[part]!.data[indexOf(from, parts[part]!.shape)]!;
    }),
  gather: ({ shape }, [table, index]) => {
    const rows = table.shape[0]!;
    const width = sizeOf(table.shape.slice(1));
    return Float64Array.from({ length: sizeOf(shape) }, (_, i) => {
      const from = row(index, Math.floor(i / width), rows);
      return table.data[from * width + (i % width)]!;
    });
  },
  scatter_add: ({ attrs: { rows }, shape }, [index, updates]) => {
    const width = sizeOf(shape.slice(1));
    const out = new Float64Array(sizeOf(shape));
    updates.data.forEach((value, i) => {
      const to = row(index, Math.floor(i / width), rows);
      out[to * width + (i % width)]! += value;
    });
    return out;
  },
};
