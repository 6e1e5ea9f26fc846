import type { SourceEntry } from '../source.ts';
import type { TableParams } from './load.ts';
import { profileTable, readTable, tableFiles } from './read-table.ts';
import { csvSchema, typedSchema } from './schemas.ts';

const table = (
  name: string,
  help: string,
  schema: () => SourceEntry<TableParams>['schema'],
): SourceEntry<TableParams> => ({
  name,
  help,
  get schema() {
    return schema();
  },
  table: true,
  describe: () => undefined,
  files: tableFiles,
  read: (params, ctx) => readTable(name, params, ctx),
  profile: (params, ctx) => profileTable(name, params, ctx),
});

/** Comma-, semicolon- or tab-separated text in UTF-8, RFC 4180's quotes. */
export const csv = table('csv', 'tables as text: CSV, TSV', csvSchema as never);
export const parquet = table('parquet', 'tables in Apache Parquet files', typedSchema as never);
/** One array of objects, or an object a line (NDJSON). */
export const json = table(
  'json',
  'tables as JSON: an array of objects, or one object a line',
  typedSchema as never,
);
