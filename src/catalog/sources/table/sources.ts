import * as z from 'zod';
import { once } from '../../fields.ts';
import { isReadable, SHA256 } from '../remote-file.ts';
import type { SourceEntry } from '../source.ts';
import { type Load, loadCsv, loadJson, loadParquet, type TableParams } from './load.ts';
import { locate } from './locate.ts';
import { profileTable } from './profile.ts';
import { readTable } from './read-table.ts';

const path = () =>
  z
    .string()
    .min(1)
    .refine(isReadable, {
      error:
        'expected a file, or an address that starts with https:// (http:// on this machine alone) and holds no password',
    })
    .describe(
      'file, relative to the config; `*` and `?` match several, read in the order of their names; or an https:// address, downloaded once',
    );
const sha256 = () =>
  z
    .string()
    .regex(SHA256, { error: 'expected the 64 digits 0-9, a-f of a SHA-256 hash' })
    .nullable()
    .default(null)
    .describe('hash that the file must have; for what is downloaded it makes sure that it stays the same');
const memory = () =>
  z
    .string()
    .regex(/^\d+(\.\d+)?(MB|GB)$/, { error: 'expected a size such as "2GB" or "500MB"' })
    .default('2GB')
    .describe('what the table may take while it is prepared');

const csvSchema = once(() =>
  z.strictObject({
    path: path(),
    sha256: sha256(),
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
    sha256: sha256(),
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
  files: async (params, ctx) => (await locate(params, ctx)).hashes,
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
