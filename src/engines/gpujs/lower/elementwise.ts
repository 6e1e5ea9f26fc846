import type { BoundNode, OpName } from '../../../graph/index.ts';
import type { Writer } from './writer.ts';

type Rule = (w: Writer, operands: readonly string[], node: BoundNode) => string;

/**
 * erf(x) to 1.5e-7: Abramowitz & Stegun 7.1.26, 1 - (a₁t + … + a₅t⁵)e^(-x²), t = 1/(1 + px).
 * Odd, so it is computed of |x|.
 */
const erf: Rule = (w, [x]) => {
  const a = w.local(`Math.abs(${x})`);
  const t = w.local(`1.0/(1.0+0.3275911*${a})`);
  const polynomial = `((((1.061405429*${t}-1.453152027)*${t}+1.421413741)*${t}-0.284496736)*${t}+0.254829592)*${t}`;
  const y = w.local(`1.0-${polynomial}*Math.exp(0.0-${a}*${a})`);
  return `(${x}<0.0?0.0-${y}:${y})`;
};
const binary =
  (operator: string): Rule =>
  (_, [a, b]) =>
    `(${a}${operator}${b})`;
const compare =
  (operator: string): Rule =>
  (_, [a, b]) =>
    `(${a}${operator}${b}?1.0:0.0)`;

/** i32 values travel as whole float32 numbers, exact below 2^24; bool as 0 and 1. */
const truncated = (w: Writer, x: string): string => {
  const whole = w.local(`Math.floor(Math.abs(${x}))`);
  return `(${x}<0.0?0.0-${whole}:${whole})`;
};

/** Element-wise primitives as expressions of their operands, which are names of locals. NaN stays NaN. */
export const elementwise = {
  neg: (_, [x]) => `(0.0-${x})`,
  abs: (_, [x]) => `Math.abs(${x})`,
  sign: (_, [x]) => `(${x}>0.0?1.0:(${x}<0.0?0.0-1.0:${x}))`,
  exp: (_, [x]) => `Math.exp(${x})`,
  log: (_, [x]) => `Math.log(${x})`,
  sqrt: (_, [x]) => `Math.sqrt(${x})`,
  // tanh of large values is NaN on some drivers; from 9.02 on it is 1 in float32.
  tanh: (w, [x]) => {
    const above = w.local(`(${x}>9.1?9.1:${x})`);
    const bounded = w.local(`(${above}<0.0-9.1?0.0-9.1:${above})`);
    return `Math.tanh(${bounded})`;
  },
  sigmoid: (_, [x]) => `(1.0/(1.0+Math.exp(0.0-${x})))`,
  erf,
  relu: (_, [x]) => `(${x}<=0.0?0.0:${x})`,
  step: (_, [x]) => `(${x}>0.0?1.0:0.0)`,
  add: binary('+'),
  sub: binary('-'),
  mul: binary('*'),
  div: (w, [a, b], node) => (node.dtype === 'i32' ? truncated(w, w.local(`${a}/${b}`)) : `(${a}/${b})`),
  maximum: (_, [a, b]) => `(${a}>=${b}?${a}:(${a}<${b}?${b}:${a}+${b}))`,
  minimum: (_, [a, b]) => `(${a}<=${b}?${a}:(${a}>${b}?${b}:${a}+${b}))`,
  greater: compare('>'),
  greater_equal: compare('>='),
  equal: compare('==='),
  select: (_, [condition, a, b]) => `(${condition}>0.5?${a}:${b})`,
  cast: (w, [x], node) => {
    const { to } = (node as Extract<BoundNode, { op: 'cast' }>).attrs;
    if (to === 'bool') return `(${x}===0.0?0.0:1.0)`;
    return to === 'i32' ? truncated(w, x!) : x!;
  },
} as const satisfies Partial<Record<OpName, Rule>>;

export type ElementwiseOp = keyof typeof elementwise;
export const isElementwise = (op: OpName): op is ElementwiseOp => Object.hasOwn(elementwise, op);
