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

/** scikit-learn's CountVectorizer, one vocabulary for each text column. A missing text has no words. */
export const bagOfWords: TransformEntry<CountParams> = {
  name: 'bag_of_words',
  help: 'how often each word stands in a text',
  get schema() {
    return countFields();
  },
  stateless: false,
  accepts: ['text'],
  missing: true,
  shape: () => undefined,
  fit(rows, params) {
    const vocabularies = vocabulary(rows, params).map(({ words }) => words);
    const columns = wordColumns(rows, vocabularies);
    return {
      summary: wordSummary(rows, vocabularies),
      shape: [columns.length],
      columns,
      text: fittedText(vocabularies, params),
    };
  },
  apply: (fitted, rows, count, context) => countWords(fitted.text!, rows, count, context),
  emit: (_, x) => x,
};
