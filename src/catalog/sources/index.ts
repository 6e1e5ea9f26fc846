import { catalog } from '../entry.ts';
import { csv } from './csv.ts';
import { fashionMnist } from './fashion-mnist.ts';
import { generated } from './generated.ts';
import { idx } from './idx.ts';
import { inline } from './inline.ts';
import { json } from './json.ts';
import { mnist } from './mnist.ts';
import { npy } from './npy.ts';
import { npz } from './npz.ts';
import { parquet } from './parquet.ts';
import type { SourceEntry } from './source.ts';

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
