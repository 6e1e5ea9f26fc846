import type { Kernels, Value } from './kernel.ts';

const map = (f: (x: number) => number) => (_: unknown, inputs: readonly Value[]) =>
  Float64Array.from(inputs[0]!.data, f);
const zip = (f: (a: number, b: number) => number) => (_: unknown, inputs: readonly Value[]) =>
  Float64Array.from(inputs[0]!.data, (a, i) => f(a, inputs[1]!.data[i]!));

/**
 * erf(x) = 2/√π · e^(-x²) · Σ 2ⁿ x^(2n+1) / (1·3·5···(2n+1)), Abramowitz & Stegun 7.1.6: all terms have
 * one sign, so that nothing cancels. Beyond 6 it is 1 to the last bit.
 */
function erf(x: number): number {
  if (Number.isNaN(x)) return x;
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

export const elementwise: Kernels<
  | ('neg' | 'abs' | 'sign' | 'exp' | 'log' | 'sqrt' | 'tanh' | 'sigmoid' | 'erf' | 'relu' | 'step' | 'cast')
  | ('add' | 'sub' | 'mul' | 'div' | 'maximum' | 'minimum' | 'greater' | 'greater_equal' | 'equal' | 'select')
> = {
  neg: map((x) => -x),
  abs: map(Math.abs),
  sign: map(Math.sign),
  exp: map(Math.exp),
  log: map(Math.log),
  sqrt: map(Math.sqrt),
  tanh: map(Math.tanh),
  sigmoid: map((x) => 1 / (1 + Math.exp(-x))),
  erf: map(erf),
  relu: map((x) => Math.max(x, 0)),
  step: map((x) => (x > 0 ? 1 : 0)),

  add: zip((a, b) => a + b),
  sub: zip((a, b) => a - b),
  mul: zip((a, b) => a * b),
  div: (node, inputs) =>
    zip(node.dtype === 'i32' ? (a, b) => Math.trunc(a / b) : (a, b) => a / b)(node, inputs),
  maximum: zip(Math.max),
  minimum: zip(Math.min),
  greater: zip((a, b) => (a > b ? 1 : 0)),
  greater_equal: zip((a, b) => (a >= b ? 1 : 0)),
  equal: zip((a, b) => (a === b ? 1 : 0)),
  select: (_, [condition, a, b]) =>
    condition.data.map((chosen, i) => (chosen !== 0 ? a.data[i]! : b.data[i]!)),
  cast: ({ attrs: { to } }, [x]) =>
    x.data.map((v) => (to === 'i32' ? Math.trunc(v) : to === 'bool' ? Number(v !== 0) : v)),
};
