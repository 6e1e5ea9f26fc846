import { catalog } from '../entry.ts';
import { constant, ones, zeros } from './constants.ts';
import type { InitializerEntry } from './initializer.ts';
import { orthogonal } from './orthogonal.ts';
import { randomNormal, randomUniform, truncatedNormalEntry } from './random.ts';
import {
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  lecunNormal,
  lecunUniform,
} from './variance-scaling.ts';

export { fansOf } from './fans.ts';

// biome-ignore lint/suspicious/noExplicitAny: each entry has its own fields
export const initializers = catalog<InitializerEntry<any>>(
  glorotUniform,
  glorotNormal,
  heUniform,
  heNormal,
  lecunUniform,
  lecunNormal,
  zeros,
  ones,
  constant,
  randomNormal,
  randomUniform,
  truncatedNormalEntry,
  orthogonal,
);
