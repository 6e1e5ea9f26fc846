import type { GraphBuilder, Node } from '../graph/index.ts';

/**
 * log(1 + exp(z)) = max(z, 0) + log(1 + exp(-|z|)), which can't overflow. -|z| is written as z - 2·max(z, 0):
 * so the derivative is sigmoid(z) at 0 as well, whatever slope max takes there.
 */
export function softplus(g: GraphBuilder, z: Node): Node {
  const positive = g.relu(z);
  return g.add(positive, g.log(g.add(g.exp(g.sub(z, g.mul(positive, 2))), 1)));
}
