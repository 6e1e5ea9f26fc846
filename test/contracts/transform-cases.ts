import type { TransformCase } from './transform.ts';

/** How each transform is tried; one that lacks a line here fails transforms.test.ts. */
export const CASES: Record<string, readonly TransformCase[]> = {
  'impute simple': [
    { kind: 'number', params: { numeric: 'mean', indicators: true } },
    { kind: 'category', params: {} },
  ],
  'impute knn': [
    { kind: 'number', params: { neighbors: 3, indicators: true } },
    { kind: 'number', params: { neighbors: 4, weights: 'distance' } },
  ],
  'clip_outliers iqr': [{ kind: 'number', params: { factor: 0.2 } }],
  'clip_outliers quantile': [{ kind: 'number', params: { lower: 0.2, upper: 0.7 } }],
  'clip_outliers zscore': [{ kind: 'date', params: { factor: 0.5 } }],
  'encode one_hot': [
    { kind: 'category' },
    { kind: 'category', params: { max_categories: 3 } },
    { kind: 'category', params: { min_frequency: 12 } },
  ],
  'encode ordinal': [{ kind: 'category' }],
  'encode target': [
    { kind: 'category', classes: 2, drawn: true },
    { kind: 'category', classes: 3, drawn: true, params: { smooth: 5 } },
    { kind: 'category', drawn: true, params: { folds: 3 } },
  ],
  'encode frequency': [{ kind: 'category' }],
  'encode hashing': [{ kind: 'category', params: { outputs: 6 } }],
  'date parts': [
    { kind: 'date', params: { parts: ['year', 'month', 'day', 'weekday', 'hour', 'day_of_year'] } },
    { kind: 'date', params: { parts: ['year', 'month', 'weekday', 'day_of_year', 'hour'], cyclic: true } },
  ],
  'vectorize bag_of_words': [{ kind: 'text', params: { ngrams: [1, 2], min_df: 2 } }],
  'vectorize tf_idf': [
    { kind: 'text' },
    { kind: 'text', params: { sublinear_tf: true, max_df: 0.5 }, refusesConstant: true },
  ],
  'normalize standard': [{ kind: 'number' }, { kind: 'number', params: { axis: 'all' } }],
  'normalize min_max': [{ kind: 'number' }],
  'normalize robust': [{ kind: 'number' }],
  'normalize max_abs': [{ kind: 'number' }],
  'normalize l2': [{ kind: 'number' }],
  'normalize log1p': [{ kind: 'number', counts: true }],
  'normalize pixel': [{ kind: 'number' }],
  'normalize quantile': [
    { kind: 'number', params: { quantiles: 9 } },
    { kind: 'number', params: { output: 'normal' } },
  ],
  'bin uniform': [{ kind: 'number', params: { bins: 4 } }],
  'bin quantile': [{ kind: 'number' }, { kind: 'number', params: { encode: 'ordinal' } }],
  'bin kmeans': [{ kind: 'number', params: { bins: 3 } }],
  'polynomial polynomial': [
    { kind: 'number', params: { degree: 3 } },
    { kind: 'number', params: { interaction_only: true } },
  ],
  'select variance': [{ kind: 'number', params: { threshold: 10 } }, { kind: 'binary' }],
  'select correlation': [{ kind: 'number', params: { threshold: 0.1 } }],
  'select mutual_information': [
    { kind: 'number', params: { k: 2 }, classes: 3, drawn: true },
    { kind: 'number', params: { k: 2 }, drawn: true },
    { kind: 'binary', params: { k: 1 }, classes: 2 },
    { kind: 'number', params: { k: 2, rows: 15 }, classes: 2, drawn: true },
  ],
  'select anova_f': [
    { kind: 'number', params: { k: 2 }, classes: 3 },
    { kind: 'number', params: { k: 1 } },
  ],
  'reduce pca': [{ kind: 'number', params: { components: 2 } }],
  'reduce truncated_svd': [{ kind: 'number', params: { components: 2 } }],
  'reduce lda': [{ kind: 'number', classes: 3, refusesConstant: true }],
  'reduce random_projection': [
    { kind: 'number', params: { components: 2 }, drawn: true },
    { kind: 'number', params: { components: 8, distribution: 'sparse' }, drawn: true },
  ],
  'reduce feature_agglomeration': [{ kind: 'number', params: { clusters: 2 } }],
};
