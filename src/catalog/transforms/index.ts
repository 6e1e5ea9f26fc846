import { catalog } from '../entry.ts';
import { frequency } from './encode/frequency.ts';
import { oneHot } from './encode/one-hot.ts';
import { ordinal } from './encode/ordinal.ts';
import { simple } from './impute/simple.ts';
import { l2 } from './normalize/l2.ts';
import { log1p } from './normalize/log1p.ts';
import { maxAbs } from './normalize/max-abs.ts';
import { minMax } from './normalize/min-max.ts';
import { pixel } from './normalize/pixel.ts';
import { robust } from './normalize/robust.ts';
import { standard } from './normalize/standard.ts';
import { pca } from './reduce/pca.ts';
import type { TransformEntry } from './transform.ts';
import { bagOfWords } from './vectorize/bag-of-words.ts';
import { tfIdf } from './vectorize/tf-idf.ts';

/** For rooms that may import the catalogue but not the graph. */
export { sizeOf } from '../../graph/index.ts';
export type * from './transform.ts';

// biome-ignore lint/suspicious/noExplicitAny: transforms differ in their fields
type AnyTransform = TransformEntry<any>;

/** Transforms by the key of a feature step in YAML (`normalize`), then by `type`. */
export const transforms: ReadonlyMap<string, ReadonlyMap<string, AnyTransform>> = new Map([
  ['impute', catalog<AnyTransform>(simple)],
  ['encode', catalog<AnyTransform>(oneHot, ordinal, frequency)],
  ['vectorize', catalog<AnyTransform>(bagOfWords, tfIdf)],
  ['normalize', catalog<AnyTransform>(standard, minMax, robust, maxAbs, l2, log1p, pixel)],
  ['reduce', catalog<AnyTransform>(pca)],
]);

/** Type of a step that names none: `impute: { numeric: median }`. */
export const transformFallbacks: ReadonlyMap<string, string> = new Map([['impute', simple.name]]);
