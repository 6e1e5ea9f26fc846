import { catalog } from '../entry.ts';
import { activation } from './activation.ts';
import { add } from './add.ts';
import { averagePooling2d } from './average-pooling2d.ts';
import { batchNormalization } from './batch-normalization.ts';
import { concatenate } from './concatenate.ts';
import { conv2d } from './conv2d.ts';
import { dense } from './dense.ts';
import { dropout } from './dropout.ts';
import { flatten } from './flatten.ts';
import { globalAveragePooling2d } from './global-average-pooling2d.ts';
import type { LayerEntry } from './layer.ts';
import { maxPooling2d } from './max-pooling2d.ts';
import { reshape } from './reshape.ts';

// biome-ignore lint/suspicious/noExplicitAny: each entry has its own fields
export const layers = catalog<LayerEntry<any>>(
  dense,
  conv2d,
  maxPooling2d,
  averagePooling2d,
  globalAveragePooling2d,
  flatten,
  reshape,
  dropout,
  batchNormalization,
  activation,
  concatenate,
  add,
);
