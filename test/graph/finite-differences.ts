import { expect } from 'vitest';
import { normal, streamKey } from '../../src/base/random.ts';
import { type Shape, sizeOf } from '../../src/base/shape.ts';
import { evaluateGraph } from '../../src/engines/reference/index.ts';
import {
  differentiate,
  fixedShape,
  type Graph,
  GraphBuilder,
  type Node,
  verify,
} from '../../src/graph/index.ts';

/** An operand: its shape with values drawn for it, or values as given. */
export type Operand = { readonly shape: Shape; readonly values?: readonly number[] };
export type Build = (g: GraphBuilder, operands: readonly Node[]) => Node;

/** Fixed, irregular values of both signs, farther from 0 (where abs and relu bend) than a difference step. */
export function draw(name: string, size: number): number[] {
  const key = streamKey(7, name);
  return Array.from({ length: size }, (_, i) => {
    const value = normal(key, i);
    return Math.sign(value) * (0.05 + Math.abs(value)) + i * 1e-4;
  });
}

/** sum(y · c) with fixed, irregular c, so that no error in dy cancels out. */
export function weigh(g: GraphBuilder, y: Node): Node {
  const shape = fixedShape(y.shape);
  const c = Float32Array.from(draw('cotangent', sizeOf(shape)));
  return g.sum(g.mul(y, g.constant(c, shape)));
}

/** Central differences of the output `loss` by every element of one input. */
export function finiteDifferences(
  graph: Graph,
  inputs: Readonly<Record<string, readonly number[]>>,
  name: string,
  step = 1e-5,
): number[] {
  return inputs[name]!.map((value, i) => {
    const [high, low] = [value + step, value - step].map((moved) => {
      const shifted = inputs[name]!.with(i, moved);
      return evaluateGraph(graph, { ...inputs, [name]: shifted })['loss']![0]!;
    }) as [number, number];
    return (high - low) / (2 * step);
  });
}

/** Operand names are `0`, `1`, ...; checks d(loss)/d(operand) for each. */
export function checkGradients(operands: readonly Operand[], build: Build): void {
  const g = new GraphBuilder();
  const nodes = operands.map(({ shape }, i) => g.input(String(i), shape));
  const loss = weigh(g, build(g, nodes));
  const gradients = differentiate(g, loss, nodes);
  g.output('loss', loss);
  gradients.forEach((gradient, i) => {
    expect(gradient.shape).toEqual(operands[i]!.shape);
    g.output(`d${i}`, gradient);
  });
  const graph = g.finish();
  verify(graph);
  const inputs = Object.fromEntries(
    operands.map(({ shape, values }, i) => [String(i), values ?? draw(`operand ${i}`, sizeOf(shape))]),
  );
  const outputs = evaluateGraph(graph, inputs);
  operands.forEach((_, i) => {
    expectClose(outputs[`d${i}`]!, finiteDifferences(graph, inputs, String(i)), `operand ${i}`);
  });
}

/** Equal to 1e-6 of the largest magnitude: the truncation and rounding of differences at step 1e-5. */
export function expectClose(got: ArrayLike<number>, want: readonly number[], what: string): void {
  expect(got.length).toBe(want.length);
  const scale = Math.max(1, ...want.map(Math.abs));
  want.forEach((value, i) => {
    const error = Math.abs(got[i]! - value) / scale;
    expect(error, `${what}, element ${i}: ${got[i]} against ${value}`).toBeLessThan(1e-6);
  });
}
