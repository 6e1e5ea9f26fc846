import type { TableParams } from '../../readers/table/loading.ts';
import { profileTable, readTable, tableFiles } from '../../readers/table/read-table.ts';
import { rowSteps } from '../rows/index.ts';
import type { SourceEntry } from './source.ts';

/** A source that reads tables of one format: what every such entry has besides its name, help and fields. */
export const tableSource = (name: string, help: string, schema: () => unknown): SourceEntry<TableParams> => ({
  name,
  help,
  get schema() {
    return schema() as SourceEntry<TableParams>['schema'];
  },
  table: true,
  describe: () => undefined,
  files: (params, ctx) => tableFiles(params, ctx, rowSteps),
  read: (params, ctx) => readTable(name, params, ctx, rowSteps),
  profile: (params, ctx) => profileTable(name, params, ctx, rowSteps),
});
