import { join } from 'node:path';
import type { LoadedConfig } from '../../src/config/index.ts';

/** Every 1,500th flight or so of vega-datasets' flights-3m.parquet, by a hash of the row. */
const FLIGHTS = join(import.meta.dirname, '../samples/flights-2000.parquet');

/** A config whose data are too many for a test, on a sample of them; others as they are. */
export function sampled(loaded: LoadedConfig): LoadedConfig {
  const { data } = loaded.config;
  if (data.source.type !== 'parquet') return loaded;
  const source = { ...data.source, path: FLIGHTS };
  return { ...loaded, config: { ...loaded.config, data: { ...data, source } } };
}
