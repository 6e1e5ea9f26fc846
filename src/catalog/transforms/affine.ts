import type { GraphBuilder, Node } from '../../graph/index.ts';
import type { Fitted, TransformEntry } from './transform.ts';

type Affine = NonNullable<Fitted['affine']>;

/** `x * scale + shift`; arrays of one value serve every element. In float64, into a new array. */
export function applyAffine(fitted: Fitted, rows: Float64Array): Float64Array {
  const { scale, shift } = fitted.affine!;
  const out = new Float64Array(rows.length);
  if (scale.length === 1) {
    for (let i = 0; i < rows.length; i++) out[i] = rows[i]! * scale[0]! + shift[0]!;
    return out;
  }
  const width = scale.length;
  for (let at = 0; at < rows.length; at += width)
    for (let j = 0; j < width; j++) out[at + j] = rows[at + j]! * scale[j]! + shift[j]!;
  return out;
}

/**
 * The same in float32 as `(x - center) * scale + rest`: where the mean is far larger than the deviation (a
 * column of years), `x * scale + shift` would cancel away the digits that matter. `center` is a float32, so
 * `x - center` is exact near it, and `rest` is what rounding the center left over.
 */
export function emitAffine(g: GraphBuilder, x: Node, fitted: Fitted): Node {
  const { scale, shift } = fitted.affine!;
  const center = Float32Array.from(scale, (s, i) => -shift[i]! / s);
  const rest = Float32Array.from(scale, (s, i) => shift[i]! + s * center[i]!);
  const values = (data: Float32Array) => g.constant(data, data.length === 1 ? [] : fitted.shape);
  let out = x;
  if (center.some((value) => value !== 0)) out = g.sub(out, values(center));
  out = g.mul(out, values(Float32Array.from(scale)));
  return rest.some((value) => value !== 0) ? g.add(out, values(rest)) : out;
}

/** The parts that all element-wise `x * scale + shift` transforms share. */
export const affine: Pick<TransformEntry<unknown>, 'shape' | 'apply' | 'emit'> = {
  shape: (input) => input,
  apply: (fitted, rows) => applyAffine(fitted, rows),
  emit: emitAffine,
};

/** From centers and scales as scikit-learn states them: `(x - center) / scale`. */
export function centered(center: Float64Array, scale: Float64Array): Affine {
  return { scale: scale.map((s) => 1 / s), shift: scale.map((s, i) => -center[i]! / s) };
}

/** scikit-learn's `_handle_zeros_in_scale`: a constant feature is left at its scale. */
export const withoutZeros = (scale: Float64Array): Float64Array =>
  scale.map((s) => (s < 10 * Number.EPSILON ? 1 : s));
