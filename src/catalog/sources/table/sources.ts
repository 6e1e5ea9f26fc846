import * as z from 'zod';
import { once } from '../../fields.ts';
import type { SourceEntry } from '../source.ts';
import { findFiles, fingerprints } from './find-files.ts';
import { type Load, loadCsv, loadJson, loadParquet, type TableParams } from './load.ts';
import { profileTable } from './profile.ts';
import { readTable } from './read-table.ts';

const path = () =>
  z
    .string()
    .min(1)
    .describe('file, relative to the config; `*` and `?` match several, read in the order of their names');
const memory = () =>
  z
    .string()
    .regex(/^\d+(\.\d+)?(MB|GB)$/, { error: 'expected a size such as "2GB" or "500MB"' })
    .default('2GB')
    .describe('what the table may take while it is prepared');

const csvSchema = once(() =>
  z.strictObject({
    path: path(),
    delimiter: z
      .string()
      .length(1)
      .nullable()
      .default(null)
      .describe('between fields; when left out, the one of , ; tab | that the first line has most of'),
    header: z.boolean().default(true).describe('the first line has the names; else column1, column2, …'),
    missing: z
      .array(z.string())
      .default(['', 'NA', 'N/A', 'n/a', 'NaN', 'nan', 'NULL', 'null', 'None'])
      .describe('texts that mean that there is no value'),
    memory: memory(),
  }),
);
const typedSchema = once(() =>
  z.strictObject({
    path: path(),
    missing: z.array(z.string()).default(['']).describe('texts that mean that there is no value'),
    memory: memory(),
  }),
);

const table = (
  name: string,
  help: string,
  schema: () => SourceEntry<TableParams>['schema'],
  load: Load,
  format: string,
): SourceEntry<TableParams> => ({
  name,
  help,
  get schema() {
    return schema();
  },
  table: true,
  describe: () => undefined,
  files: (params, ctx) => fingerprints(findFiles(params.path, ctx.folder)),
  read: (params, ctx) => readTable(params, ctx, load, format),
  profile: (params, ctx) => profileTable(params, ctx, load, format),
});

/** Comma-, semicolon- or tab-separated text in UTF-8, RFC 4180's quotes. */
export const csv = table('csv', 'tables as text: CSV, TSV', csvSchema as never, loadCsv, 'CSV');
export const parquet = table(
  'parquet',
  'tables in Apache Parquet files',
  typedSchema as never,
  loadParquet,
  'Parquet',
);
/** One array of objects, or an object a line (NDJSON). */
export const json = table(
  'json',
  'tables as JSON: an array of objects, or one object a line',
  typedSchema as never,
  loadJson,
  'JSON',
);
