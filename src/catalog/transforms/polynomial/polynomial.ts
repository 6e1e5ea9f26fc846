import * as z from 'zod';
import { Misfit } from '../../../base/misfit.ts';
import { sizeOf } from '../../../base/shape.ts';
import type { Node } from '../../../graph/index.ts';
import { once } from '../../fields.ts';
import type { FitRows, OutColumn, TransformEntry } from '../transform.ts';

interface PolynomialParams {
  readonly degree: number;
  readonly interaction_only: boolean;
}

const MOST_OUTPUTS = 100_000;

const schema = once(() =>
  z.strictObject({
    degree: z.int().min(2).max(5).default(2).describe('largest number of factors in a product'),
    interaction_only: z.boolean().default(false).describe('products of different columns alone, no powers'),
  }),
);

/** Number of terms of degree 1 to `degree`: combinations with or without repetition. */
function countTerms(width: number, { degree, interaction_only: only }: PolynomialParams): number {
  let [total, terms] = [0, 1];
  for (let d = 1; d <= degree; d++) {
    terms = (terms * (only ? width - d + 1 : width + d - 1)) / d;
    total += Math.max(0, terms);
  }
  return total;
}

/** Indices of the factors of each term, by degree, then in order: [0], [1], [0, 0], [0, 1], [1, 1]. */
function termsOf(width: number, { degree, interaction_only: only }: PolynomialParams): number[][] {
  const all: number[][] = [];
  let last: number[][] = [[]];
  for (let d = 1; d <= degree; d++) {
    last = last.flatMap((term) => {
      const from = term.length === 0 ? 0 : term.at(-1)! + (only ? 1 : 0);
      return Array.from({ length: Math.max(0, width - from) }, (_, i) => [...term, from + i]);
    });
    all.push(...last);
  }
  return all;
}

function checkCount(width: number, params: PolynomialParams): number {
  const count = countTerms(width, params);
  if (count <= MOST_OUTPUTS) return count;
  throw new Misfit('too-many-features', `polynomial would make ${count} features of ${width}`, {
    field: 'degree',
    help: 'lower `degree`, name some `columns`, or reduce them first',
  });
}

/** `a`, `a^2`, `a b`, as scikit-learn names them. */
function nameOf(term: readonly number[], columns: NonNullable<FitRows['columns']>): string {
  const factors = [...new Set(term)].map((j) => {
    const power = term.filter((each) => each === j).length;
    return power === 1 ? columns[j]!.name : `${columns[j]!.name}^${power}`;
  });
  return factors.join(' ');
}

/** scikit-learn's PolynomialFeatures without the column of ones: layers have biases of their own. */
export const polynomial: TransformEntry<PolynomialParams> = {
  name: 'polynomial',
  help: 'products of columns up to a degree, beside the columns themselves',
  get schema() {
    return schema();
  },
  stateless: true,
  shape: (input, params) => [checkCount(sizeOf(input), params)],
  fit(rows, params) {
    const width = sizeOf(rows.shape);
    const count = checkCount(width, params);
    const terms = termsOf(width, params);
    const { columns } = rows;
    return {
      summary: `${width} -> ${count} features up to degree ${params.degree}`,
      shape: [count],
      ...(columns && {
        columns: terms.map(
          (term): OutColumn => ({
            name: nameOf(term, columns),
            kind: 'number',
            ...(term.length === 1 && { from: term[0]! }),
          }),
        ),
      }),
      vectors: {
        terms: Float64Array.from(terms.flat()),
        sizes: Float64Array.from(terms, ({ length }) => length),
        width: Float64Array.of(width),
      },
    };
  },
  apply({ vectors, shape }, rows, count) {
    const { terms, sizes, width } = vectors as Record<'terms' | 'sizes' | 'width', Float64Array>;
    const outputs = shape[0]!;
    const out = new Float64Array(count * outputs);
    for (let i = 0; i < count; i++) {
      let at = 0;
      for (let o = 0; o < outputs; o++) {
        let product = 1;
        for (let f = 0; f < sizes[o]!; f++) product *= rows[i * width[0]! + terms[at++]!]!;
        out[i * outputs + o] = product;
      }
    }
    return out;
  },
  emit(g, x, { vectors }) {
    const { terms, sizes, width } = vectors as Record<'terms' | 'sizes' | 'width', Float64Array>;
    const byFeature = g.transpose(g.reshape(x, [x.shape[0]!, width[0]!]), [1, 0]);
    const parts: Node[] = [];
    let at = 0;
    for (let degree = 1; degree <= sizes.at(-1)!; degree++) {
      const count = sizes.filter((size) => size === degree).length;
      const own = terms.subarray(at, at + count * degree);
      at += count * degree;
      const factors = Array.from({ length: degree }, (_, f) =>
        g.gather(
          byFeature,
          g.constant(
            Int32Array.from({ length: count }, (_, o) => own[o * degree + f]!),
            [count],
          ),
        ),
      );
      parts.push(factors.reduce((a, b) => g.mul(a, b)));
    }
    return g.transpose(parts.length === 1 ? parts[0]! : g.concat(parts, 0), [1, 0]);
  },
};
