import type { GraphBuilder, Node } from '../../graph/index.ts';

/*
 * Inverse of the normal distribution function: Wichura's PPND16 (Algorithm AS 241, Applied Statistics 37,
 * 1988), accurate to 1e-16 for 1.4e-11 < p < 1 - 1.4e-11; its outermost branch is left out.
 */
const A = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
  67265.7709270087, 33430.57558358813, 2509.0809287301227,
];
const B = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
  28729.085735721943, 5226.495278852546,
];
const C = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
  0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
];
const D = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
  0.0005475938084995345, 1.0507500716444169e-9,
];
const CENTRE = 0.425;

const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduceRight((sum, c) => sum * x + c, 0);

/** z with P(Z <= z) = p. @param rest 1 - p, given apart so that its digits aren't lost near 1 */
export function normalQuantile(p: number, rest: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= CENTRE) {
    const r = CENTRE ** 2 - q * q;
    return (q * polynomial(A, r)) / polynomial(B, r);
  }
  const r = Math.sqrt(-Math.log(Math.min(p, rest))) - 1.6;
  return (Math.sign(q) * polynomial(C, r)) / polynomial(D, r);
}

/** The same as a graph, to about 1e-6. */
export function emitNormalQuantile(g: GraphBuilder, p: Node, rest: Node): Node {
  const series = (coefficients: readonly number[], x: Node) =>
    coefficients
      .slice(0, -1)
      .reduceRight<Node>(
        (sum, c) => g.add(g.mul(sum, x), c),
        g.broadcast(g.scalar(coefficients.at(-1)!), x.shape),
      );
  const q = g.sub(p, 0.5);
  const near = g.sub(CENTRE ** 2, g.square(q));
  const central = g.div(g.mul(q, series(A, near)), series(B, near));
  const far = g.sub(g.sqrt(g.neg(g.log(g.minimum(p, rest)))), 1.6);
  const tail = g.mul(g.sign(q), g.div(series(C, far), series(D, far)));
  return g.select(g.greaterEqual(CENTRE, g.abs(q)), central, tail);
}
