import * as z from 'zod';
import type { GraphBuilder, Node } from '../../../graph/index.ts';
import { once } from '../../fields.ts';
import type { TransformEntry } from '../transform.ts';
import {
  type CountParams,
  countFields,
  countWords,
  fittedText,
  vocabulary,
  wordColumns,
  wordSummary,
} from './counts.ts';

interface TfIdfParams extends CountParams {
  readonly sublinear_tf: boolean;
}

const schema = once(() =>
  countFields().extend({
    sublinear_tf: z.boolean().default(false).describe('1 + log(count) in place of the count'),
  }),
);

/** ln((1 + rows) / (1 + rows with the word)) + 1: scikit-learn's smooth idf. */
const idf = (rows: number, withWord: number): number => Math.log((1 + rows) / (1 + withWord)) + 1;

/**
 * scikit-learn's TfidfVectorizer: counts by smooth idf, the words of each column to Euclidean length 1; a
 * text without words stays 0.
 */
export const tfIdf: TransformEntry<TfIdfParams> = {
  name: 'tf_idf',
  help: 'counts of words, weighted down for words that many texts have; each text scaled to length 1',
  get schema() {
    return schema();
  },
  stateless: false,
  accepts: ['text'],
  missing: true,
  shape: () => undefined,
  fit(rows, params) {
    const found = vocabulary(rows, params);
    const vocabularies = found.map(({ words }) => words);
    const columns = wordColumns(rows, vocabularies);
    return {
      summary: wordSummary(rows, vocabularies),
      shape: [columns.length],
      columns,
      text: fittedText(vocabularies, params),
      vectors: {
        idf: Float64Array.from(found.flatMap((each) => each.rows.map((n) => idf(rows.count, n)))),
        sublinear: Float64Array.of(params.sublinear_tf ? 1 : 0),
      },
    };
  },
  apply({ text, vectors }, rows, count, context) {
    const out = countWords(text!, rows, count, context);
    const weights = vectors!['idf']!;
    const sublinear = vectors!['sublinear']![0] === 1;
    for (let i = 0; i < out.length; i++)
      if (out[i]! > 0) out[i] = (sublinear ? 1 + Math.log(out[i]!) : out[i]!) * weights[i % weights.length]!;
    let at = 0;
    for (let i = 0; i < count; i++)
      for (const { length } of text!.vocabularies) {
        const own = out.subarray(at, at + length);
        const size = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0));
        if (size > 0) for (let k = 0; k < length; k++) own[k] = own[k]! / size;
        at += length;
      }
    return out;
  },
  emit(g, x, { text, vectors }) {
    const weights = Float32Array.from(vectors!['idf']!);
    const counted =
      vectors!['sublinear']![0] === 1 ? g.select(g.greater(x, 0), g.add(g.log(g.maximum(x, 1)), 1), 0) : x;
    const weighted = g.mul(counted, g.constant(weights, [weights.length]));
    let at = 0;
    const parts = text!.vocabularies.map(({ length }) => {
      const own = g.slice(weighted, [0, at], [x.shape[0]!, at + length]);
      at += length;
      return toLengthOne(g, own);
    });
    return parts.length === 1 ? parts[0]! : g.concat(parts, 1);
  },
};

function toLengthOne(g: GraphBuilder, x: Node): Node {
  const length = g.sqrt(g.sum(g.square(x), [1]));
  return g.div(x, g.spread(g.select(g.equal(length, 0), 1, length), [1], x.shape));
}
