import { sizeOf } from '../base/shape.ts';
import { type Dim, type Dims, fixed, fixedShape, fourAxes, isSymbolic, product } from './dims.ts';
import { GraphError } from './error.ts';
import {
  arity,
  type Conv2dAttrs,
  type DType,
  type Operands,
  type OpName,
  type Ops,
  type Pool2dAttrs,
  sameShape,
} from './types.ts';

export interface Typed {
  readonly shape: Dims;
  readonly dtype: DType;
}

const ensure: (condition: unknown, message: string) => asserts condition = (condition, message) => {
  if (!condition) throw new GraphError(message);
};

const f32 = (shape: Dims): Typed => ({ shape, dtype: 'f32' });
const i32 = (shape: Dims): Typed => ({ shape, dtype: 'i32' });
const text = (t: Typed) => `${t.dtype}[${t.shape.join(', ')}]`;

/** A primitive's value from its operands, its attributes and, of leaves, what the builder gave. */
type RuleOf<Inputs, Attrs> = (inputs: Inputs, attrs: Attrs, given: Typed) => Typed;
type Rule<O extends OpName> = RuleOf<Operands<O, Typed>, Ops[O]>;
type One = readonly [Typed];
type Two = readonly [Typed, Typed];

const unary =
  (...dtypes: DType[]): RuleOf<One, unknown> =>
  ([x]) => {
    ensure(dtypes.includes(x.dtype), `expected ${dtypes.join(' or ')}, found ${text(x)}`);
    return x;
  };
const float = unary('f32');
const binary: RuleOf<Two, unknown> = ([a, b]) => {
  ensure(sameShape(a.shape, b.shape) && a.dtype === b.dtype, `operands differ: ${text(a)}, ${text(b)}`);
  ensure(a.dtype !== 'bool', 'arithmetic on bool');
  return a;
};
const compare: RuleOf<Two, unknown> = (inputs) => ({
  shape: binary(inputs, {}, inputs[0]!).shape,
  dtype: 'bool',
});
const reduce: RuleOf<One, Ops['reduce_sum']> = ([x], { axes }) => {
  ensure(x.dtype === 'f32', 'reduces f32 only');
  ensure(
    axes.every((a, i) => Number.isInteger(a) && a >= 0 && a < x.shape.length && a > (axes[i - 1] ?? -1)),
    `axes [${axes.join(', ')}] of ${text(x)}`,
  );
  return f32(x.shape.filter((_, i) => !axes.includes(i)));
};

const sumOf = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

/** Output length of a sliding window along one axis. */
export const windowed = (
  size: number,
  window: number,
  stride: number,
  low: number,
  high: number,
  dilation = 1,
) => Math.floor((size + low + high - dilation * (window - 1) - 1) / stride) + 1;

const pooled: RuleOf<One, Pool2dAttrs> = ([x], { window, strides, padding }) => {
  ensure(x.shape.length === 4 && x.dtype === 'f32', `pools [n, h, w, c], found ${text(x)}`);
  const [n, h, w, c] = fourAxes(x.shape);
  const oh = windowed(h, window[0], strides[0], padding[0][0], padding[0][1]);
  const ow = windowed(w, window[1], strides[1], padding[1][0], padding[1][1]);
  ensure(oh > 0 && ow > 0, `window ${window.join('x')} is larger than ${text(x)}`);
  return f32([n, oh, ow, c]);
};
const convolved: RuleOf<Two, Conv2dAttrs> = ([x, k], { strides, padding, dilations }) => {
  ensure(x.shape.length === 4 && k.shape.length === 4, `conv2d of ${text(x)} with ${text(k)}`);
  const [n, h, w, i] = fourAxes(x.shape);
  const [kh, kw, ki, o] = fourAxes(fixedShape(k.shape));
  ensure(i === ki, `conv2d: ${i} channels, kernel for ${ki}`);
  const oh = windowed(h, kh, strides[0], padding[0][0], padding[0][1], dilations[0]);
  const ow = windowed(w, kw, strides[1], padding[1][0], padding[1][1], dilations[1]);
  ensure(oh > 0 && ow > 0, `kernel ${kh}x${kw} is larger than ${text(x)}`);
  return f32([n, oh, ow, o]);
};

/** Shape and type of every primitive's value; `given` is what the builder passed for a leaf. */
export const shapeRules: { readonly [O in OpName]: Rule<O> } = {
  input: (_, __, given) => given,
  constant: (_, { data }, given) => {
    ensure(
      sizeOf(fixedShape(given.shape)) === data.length,
      `${data.length} values for [${given.shape.join(', ')}]`,
    );
    return { shape: given.shape, dtype: data instanceof Int32Array ? 'i32' : 'f32' };
  },
  iota: (_, { axis }, given) => {
    ensure(axis >= 0 && axis < given.shape.length, `iota axis ${axis}`);
    return i32(given.shape);
  },
  random_mask: (_, { rate }, given) => {
    ensure(rate >= 0 && rate < 1, `mask rate ${rate}`);
    return f32(given.shape);
  },
  neg: unary('f32', 'i32'),
  abs: unary('f32', 'i32'),
  sign: unary('f32', 'i32'),
  exp: float,
  log: float,
  sqrt: float,
  tanh: float,
  sigmoid: float,
  erf: float,
  relu: float,
  step: float,
  add: binary,
  sub: binary,
  mul: binary,
  div: binary,
  maximum: binary,
  minimum: binary,
  greater: compare,
  greater_equal: compare,
  equal: compare,
  select: ([c, a, b]) => {
    ensure(c.dtype === 'bool' && sameShape(c.shape, a.shape), `select by ${text(c)} of ${text(a)}`);
    ensure(sameShape(a.shape, b.shape) && a.dtype === b.dtype, `select ${text(a)} or ${text(b)}`);
    return a;
  },
  cast: ([x], { to }) => ({ shape: x.shape, dtype: to }),
  reduce_sum: reduce,
  reduce_max: reduce,
  argmax: ([x], { axis }) => {
    ensure(axis >= 0 && axis < x.shape.length, `argmax axis ${axis} of ${text(x)}`);
    return i32(x.shape.filter((_, i) => i !== axis));
  },
  reshape: ([x], { shape }) => {
    ensure(product(shape) === product(x.shape), `reshape ${text(x)} to [${shape.join(', ')}]`);
    return { shape, dtype: x.dtype };
  },
  transpose: ([x], { permutation }) => {
    ensure(
      permutation.length === x.shape.length &&
        [...permutation].sort((a, b) => a - b).every((p, i) => p === i),
      `transpose ${text(x)} by [${permutation.join(', ')}]`,
    );
    return { shape: permutation.flatMap((p) => x.shape.slice(p, p + 1)), dtype: x.dtype };
  },
  broadcast: ([x], { shape }) => {
    const offset = shape.length - x.shape.length;
    ensure(
      offset >= 0 && x.shape.every((d, i) => d === 1 || d === shape[i + offset]),
      `broadcast ${text(x)} to [${shape.join(', ')}]`,
    );
    return { shape, dtype: x.dtype };
  },
  slice: ([x], { starts, limits, strides }) => ({
    dtype: x.dtype,
    shape: x.shape.map((d, i) => {
      const [start = 0, limit = d, stride = 1] = [starts[i], limits[i], strides[i]];
      const what = `slice axis ${i} of ${text(x)}`;
      if (isSymbolic(d) || isSymbolic(limit)) {
        ensure(start === 0 && limit === d && stride === 1, `${what}: of a symbolic size all is taken`);
        return d;
      }
      ensure(start >= 0 && limit > start && limit <= d && stride > 0, what);
      return Math.ceil((limit - start) / stride);
    }),
  }),
  pad: ([x], { low, high, interior }) => ({
    dtype: x.dtype,
    shape: x.shape.map((d, i) => {
      const [before = 0, after = 0, between = 0] = [low[i], high[i], interior[i]];
      const what = `pad axis ${i} of ${text(x)}`;
      ensure(before >= 0 && after >= 0 && between >= 0, what);
      if (!isSymbolic(d)) return d + before + after + between * (d - 1);
      ensure(before + after + between === 0, `${what}: a symbolic size can't be padded`);
      return d;
    }),
  }),
  concat: (inputs, { axis }) => {
    const [first] = inputs;
    ensure(
      inputs.every(
        (t) =>
          t.dtype === first.dtype &&
          t.shape.length === first.shape.length &&
          t.shape.every((d, i) => i === axis || d === first.shape[i]),
      ),
      `concat of ${inputs.map(text).join(', ')} along ${axis}`,
    );
    const total = inputs.length === 1 ? first.shape[axis] : sumOf(inputs.map((t) => fixed(t.shape[axis])));
    return {
      shape: first.shape.map((d, i) => (i === axis && total !== undefined ? total : d)),
      dtype: first.dtype,
    };
  },
  gather: ([table, index]) => {
    ensure(index.dtype === 'i32', 'gather needs i32 indices');
    return { shape: [...index.shape, ...table.shape.slice(1)], dtype: table.dtype };
  },
  scatter_add: ([index, updates], { rows }) => {
    const rank = index.shape.length;
    ensure(index.dtype === 'i32' && updates.dtype === 'f32', 'scatter_add needs i32 indices, f32 updates');
    ensure(
      sameShape(index.shape, updates.shape.slice(0, rank)),
      `scatter ${text(updates)} at ${text(index)}`,
    );
    return f32([rows, ...updates.shape.slice(rank)]);
  },
  matmul: ([a, b], { transposeA, transposeB }) => {
    const rank = a.shape.length;
    ensure(rank >= 2 && rank === b.shape.length, `matmul of ${text(a)}, ${text(b)}`);
    ensure(sameShape(a.shape.slice(0, -2), b.shape.slice(0, -2)), `matmul batches ${text(a)}, ${text(b)}`);
    const [ar, ac] = a.shape.slice(-2) as [Dim, Dim];
    const [br, bc] = b.shape.slice(-2) as [Dim, Dim];
    const [m, k] = transposeA ? [ac, ar] : [ar, ac];
    const [k2, n] = transposeB ? [bc, br] : [br, bc];
    ensure(k === k2, `matmul inner sizes ${k}, ${k2}`);
    return f32([...a.shape.slice(0, -2), m, n]);
  },
  conv2d: convolved,
  conv2d_input_grad: (inputs, attrs) => {
    const [dy, w] = inputs;
    const forward = convolved([f32(attrs.input), w], attrs, dy);
    ensure(
      sameShape(forward.shape, dy.shape),
      `conv2d_input_grad of ${text(dy)}, forward makes ${text(forward)}`,
    );
    return f32(attrs.input);
  },
  conv2d_weight_grad: (inputs, attrs) => {
    const [x, dy] = inputs;
    const forward = convolved([x, f32(attrs.weight)], attrs, dy);
    ensure(
      sameShape(forward.shape, dy.shape),
      `conv2d_weight_grad of ${text(dy)}, forward makes ${text(forward)}`,
    );
    return f32(attrs.weight);
  },
  max_pool2d: pooled,
  max_pool2d_grad: ([x, dy], attrs, given) => {
    ensure(sameShape(pooled([x], attrs, given).shape, dy.shape), `max_pool2d_grad of ${text(dy)}`);
    return f32(x.shape);
  },
  sum_pool2d: pooled,
  sum_pool2d_grad: ([dy], attrs, given) => {
    ensure(
      sameShape(pooled([f32(attrs.input)], attrs, given).shape, dy.shape),
      `sum_pool2d_grad of ${text(dy)}`,
    );
    return f32(attrs.input);
  },
};

/** Applies the rule of one primitive. @throws GraphError */
export function infer<O extends OpName>(op: O, inputs: readonly Typed[], attrs: Ops[O], given: Typed): Typed {
  const count: number | 'any' = arity[op];
  ensure(
    count === 'any' ? inputs.length > 0 : inputs.length === count,
    `${op} takes ${count === 'any' ? 'one or more' : count} operands, got ${inputs.length}`,
  );
  try {
    return (shapeRules[op] as Rule<O>)(inputs as unknown as Operands<O, Typed>, attrs, given);
  } catch (error) {
    if (error instanceof GraphError) throw new GraphError(`${op}: ${error.message}`);
    throw error;
  }
}
