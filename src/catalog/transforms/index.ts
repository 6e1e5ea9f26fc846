import { catalog } from '../entry.ts';
import { kmeans } from './bin/kmeans.ts';
import { quantile as quantileBins } from './bin/quantile.ts';
import { uniform } from './bin/uniform.ts';
import { iqr } from './clip/iqr.ts';
import { quantile as quantileLimits } from './clip/quantile.ts';
import { zscore } from './clip/zscore.ts';
import { parts } from './date/parts.ts';
import { frequency } from './encode/frequency.ts';
import { hashing } from './encode/hashing.ts';
import { oneHot } from './encode/one-hot.ts';
import { ordinal } from './encode/ordinal.ts';
import { target } from './encode/target.ts';
import { knn } from './impute/knn.ts';
import { simple } from './impute/simple.ts';
import { l2 } from './normalize/l2.ts';
import { log1p } from './normalize/log1p.ts';
import { maxAbs } from './normalize/max-abs.ts';
import { minMax } from './normalize/min-max.ts';
import { pixel } from './normalize/pixel.ts';
import { quantile } from './normalize/quantile.ts';
import { robust } from './normalize/robust.ts';
import { standard } from './normalize/standard.ts';
import { polynomial } from './polynomial/polynomial.ts';
import { featureAgglomeration } from './reduce/feature-agglomeration.ts';
import { lda } from './reduce/lda.ts';
import { pca } from './reduce/pca.ts';
import { randomProjection } from './reduce/random-projection.ts';
import { truncatedSvd } from './reduce/truncated-svd.ts';
import { anovaF } from './select/anova-f.ts';
import { correlation } from './select/correlation.ts';
import { mutualInformation } from './select/mutual-information.ts';
import { variance } from './select/variance.ts';
import type { TransformEntry } from './transform.ts';
import { bagOfWords } from './vectorize/bag-of-words.ts';
import { tfIdf } from './vectorize/tf-idf.ts';

export type * from './transform.ts';

// biome-ignore lint/suspicious/noExplicitAny: transforms differ in their fields
type AnyTransform = TransformEntry<any>;

/** Transforms by the key of a feature step in YAML (`normalize`), then by `type`. */
export const transforms: ReadonlyMap<string, ReadonlyMap<string, AnyTransform>> = new Map([
  ['impute', catalog<AnyTransform>(simple, knn)],
  ['clip_outliers', catalog<AnyTransform>(iqr, quantileLimits, zscore)],
  ['encode', catalog<AnyTransform>(oneHot, ordinal, target, frequency, hashing)],
  ['date', catalog<AnyTransform>(parts)],
  ['vectorize', catalog<AnyTransform>(bagOfWords, tfIdf)],
  ['normalize', catalog<AnyTransform>(standard, minMax, robust, maxAbs, l2, log1p, pixel, quantile)],
  ['bin', catalog<AnyTransform>(uniform, quantileBins, kmeans)],
  ['polynomial', catalog<AnyTransform>(polynomial)],
  ['select', catalog<AnyTransform>(variance, correlation, mutualInformation, anovaF)],
  ['reduce', catalog<AnyTransform>(pca, truncatedSvd, lda, randomProjection, featureAgglomeration)],
]);

/** Type of a step that names none: `impute: { numeric: median }`. */
export const transformFallbacks: ReadonlyMap<string, string> = new Map([
  ['impute', simple.name],
  ['clip_outliers', iqr.name],
  ['date', parts.name],
  ['polynomial', polynomial.name],
]);
