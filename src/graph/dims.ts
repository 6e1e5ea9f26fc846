import type { Shape } from '../base/shape.ts';
import { GraphError } from './error.ts';

declare const symbolicSize: unique symbol;

/**
 * A size that is not known before the data are: `batch`, `length`, or a product of such names and a whole
 * number, such as `28*batch` or `batch*length` for axes that a reshape joined. A size has one text, so that
 * `===` compares.
 */
export type SymbolicDim = string & { readonly [symbolicSize]: true };
export type Dim = number | SymbolicDim;

/** Sizes of a value's axes, outermost first, some of which may be symbolic. */
export type Dims = readonly Dim[];

const NAME = /^[a-z_][a-z0-9_]*$/i;

/** The size with this name. @throws GraphError where that is no name */
export function symbolic(name: string): SymbolicDim {
  if (!NAME.test(name)) throw new GraphError(`"${name}" is no name of a size`);
  return name as SymbolicDim;
}

/** The batch axis of a program that takes any number of examples. */
export const BATCH = symbolic('batch');

export const isSymbolic = (dim: Dim): dim is SymbolicDim => typeof dim === 'string';

/** All sizes multiplied: how many numbers a value of this shape holds. */
export function product(dims: Dims): Dim {
  let times = 1;
  const names: string[] = [];
  for (const factor of dims.flatMap(factorsOf)) {
    if (typeof factor === 'number') times *= factor;
    else names.push(factor);
  }
  if (names.length === 0) return times;
  return [...(times === 1 ? [] : [times]), ...names.sort()].join('*') as SymbolicDim;
}

/** The whole number and the names that a size is the product of. */
export const factorsOf = (dim: Dim): (number | string)[] =>
  isSymbolic(dim) ? dim.split('*').map((f) => (NAME.test(f) ? f : Number(f))) : [dim];

/** A size that has to be known. @throws GraphError where it is symbolic or there is none */
export function fixed(dim: Dim | undefined): number {
  if (typeof dim !== 'number') throw new GraphError(`expected a fixed size, found ${dim ?? 'no axis'}`);
  return dim;
}

/** A shape whose sizes all have to be known. @throws GraphError */
export const fixedShape = (dims: Dims): Shape => dims.map(fixed);

/** The size of the last axis: features, channels or units. @throws GraphError where it is symbolic */
export const lastAxis = ({ shape }: { readonly shape: Dims }): number => fixed(shape.at(-1));

/**
 * The sizes of images or of kernels: four axes, of which only the batch may be symbolic.
 * @throws GraphError
 */
export function fourAxes<D extends Dim>(shape: readonly D[]): readonly [D, number, number, number] {
  const [first, ...others] = shape;
  if (first === undefined || others.length !== 3)
    throw new GraphError(`expected four axes, found [${shape.join(', ')}]`);
  return [first, ...(others.map(fixed) as [number, number, number])];
}

/** The size where each name has this value. @throws GraphError where a name has none */
export function boundDim(dim: Dim, sizes: Readonly<Record<string, number>>): number {
  return factorsOf(dim).reduce<number>((size, factor) => {
    const value = typeof factor === 'number' ? factor : sizes[factor];
    if (value === undefined) throw new GraphError(`the size ${factor} is not known`);
    return size * value;
  }, 1);
}
