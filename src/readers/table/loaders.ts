import { loadCsv } from './load-csv.ts';
import { loadJson, loadParquet } from './load-typed.ts';
import type { Load } from './loading.ts';

interface Loader {
  readonly load: Load;
  readonly format: string;
  /** It makes NULL of the texts that mean "missing". */
  readonly cleans?: true;
  /** Files are compressed: in memory a table takes many times their bytes. */
  readonly packed?: true;
}

/** By the `type` of a table. */
export const LOADERS: Readonly<Record<string, Loader>> = {
  csv: { load: loadCsv, format: 'CSV', cleans: true },
  parquet: { load: loadParquet, format: 'Parquet', packed: true },
  json: { load: loadJson, format: 'JSON' },
};
