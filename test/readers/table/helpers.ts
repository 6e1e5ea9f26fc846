import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sources } from '../../../src/catalog/sources/index.ts';
import type { RawData } from '../../../src/readers/raw-data.ts';
import type { SourceContext, TableRequest } from '../../../src/readers/source-context.ts';
import { context, folder } from '../helpers.ts';

export interface Asked extends Partial<SourceContext> {
  readonly type?: 'csv' | 'json' | 'parquet';
  readonly params?: object;
  readonly table?: TableRequest;
}
export const request = (more: Partial<TableRequest> = {}): TableRequest => ({
  rows: [],
  columns: {},
  ...more,
});

/** Reads a table from one text, or from files in a folder of their own. */
export async function read(
  files: string | Readonly<Record<string, string>>,
  asked: Asked = {},
): Promise<RawData> {
  const { type = 'csv', params = {}, ...ctx } = asked;
  const path = folder();
  const all = typeof files === 'string' ? { data: files } : files;
  for (const [name, text] of Object.entries(all)) writeFileSync(join(path, name), text);
  const source = sources.get(type)!;
  const parsed = source.schema.parse({ path: 'data', ...params });
  return source.read(parsed, context({ folder: path, target: 'y', ...ctx }));
}

/** Columns by name, for a look at the values. */
export function table(raw: RawData): Record<string, number[]> {
  const width = raw.columns!.length;
  return Object.fromEntries(
    raw.columns!.map(({ name }, j) => [
      name,
      Array.from({ length: raw.count }, (_, i) => raw.x[i * width + j]!),
    ]),
  );
}
