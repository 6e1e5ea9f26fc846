import { readFileSync } from 'node:fs';
import { expect } from 'vitest';

/** See test/fixtures/make-torch.py, which makes the file. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}
type Tensors = Readonly<Record<string, Tensor>>;
type Params = Readonly<Record<string, unknown>>;

export interface GradientCase {
  readonly inputs: Tensors;
  readonly value: Tensor;
  /** gradients are those of sum(value · weights). */
  readonly weights: Tensor;
  readonly gradients: Tensors;
}
export interface LayerCase extends GradientCase {
  readonly type: string;
  readonly params: Params;
  readonly training?: boolean;
  readonly mask?: Tensor;
  readonly moving?: Tensors;
  readonly next?: Tensors;
}
export interface LossCase {
  readonly type: string;
  readonly params: Params;
  readonly output: Tensor;
  readonly y: Tensor;
  readonly examples: Tensor;
  /** Of the examples' mean. */
  readonly gradient: Tensor;
  readonly scores: Tensor;
}
export interface OptimizerCase {
  readonly type: string;
  readonly params: Params;
  /** The weights after each step. */
  readonly path: readonly (readonly number[])[];
}

export const torch: {
  readonly layers: Record<string, LayerCase>;
  readonly activations: Record<string, GradientCase & { readonly choice: unknown }>;
  readonly losses: Record<string, LossCase>;
  readonly problem: { readonly x: Tensor; readonly y: Tensor; readonly w: Tensor };
  readonly optimizers: Record<string, OptimizerCase>;
} = JSON.parse(readFileSync(new URL('../fixtures/torch.json', import.meta.url), 'utf8'));

/** Where everything is computed in float64. */
export const EXACT = 1e-9;
/** Where a constant of the graph (a rate, an epsilon) is rounded to float32 on its way. */
export const FLOAT32 = 1e-6;

/** Every value within `tolerance`, relative to itself or to 1e-3, whichever is larger. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i]!, expected[i]!];
    const error = Math.abs(a - e) / Math.max(Math.abs(e), 1e-3);
    if (!(error <= tolerance)) expect.fail(`element ${i}: expected ${e}, found ${a}, off by ${error}`);
  }
}
