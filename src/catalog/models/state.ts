import { invariant } from '../../errors.ts';
import type { ModelState, Values } from './model.ts';

/** Reads tensors of a model's state by name and type. */
export const floats = (state: ModelState, name: string): Float32Array => {
  const values = tensor(state, name);
  invariant(values instanceof Float32Array, `${name} holds float32 numbers`);
  return values;
};

export const doubles = (state: ModelState, name: string): Float64Array => {
  const values = tensor(state, name);
  invariant(values instanceof Float64Array, `${name} holds float64 numbers`);
  return values;
};

export const integers = (state: ModelState, name: string): Int32Array => {
  const values = tensor(state, name);
  invariant(values instanceof Int32Array, `${name} holds whole numbers`);
  return values;
};

function tensor(state: ModelState, name: string): Values {
  const values = state.get(name);
  invariant(values, `the model's state has ${name}`);
  return values;
}
