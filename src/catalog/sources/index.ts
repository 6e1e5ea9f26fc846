import { catalog } from '../entry.ts';
import { npy } from './arrays/npy.ts';
import { npz } from './arrays/npz.ts';
import { fashionMnist } from './fashion-mnist.ts';
import { generated } from './generated.ts';
import { idx } from './idx.ts';
import { inline } from './inline.ts';
import { mnist } from './mnist.ts';
import type { SourceEntry } from './source.ts';
import { csv, json, parquet } from './table/sources.ts';

export type * from './source.ts';

// biome-ignore lint/suspicious/noExplicitAny: sources differ in their fields
export const sources = catalog<SourceEntry<any>>(
  mnist,
  fashionMnist,
  idx,
  inline,
  generated,
  csv,
  parquet,
  json,
  npz,
  npy,
);
