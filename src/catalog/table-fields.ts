import * as z from 'zod';
import { once } from './fields.ts';
import { filePath, fileSha256 } from './file-fields.ts';

const path = () =>
  filePath('file, relative to the config; `*` and `?` match several, read in the order of their names');
const memory = () =>
  z
    .string()
    .regex(/^\d+(\.\d+)?(MB|GB)$/, { error: 'expected a size such as "2GB" or "500MB"' })
    .default('2GB')
    .describe('memory that the table may take while it is prepared');

/** Fields of `csv`. */
export const csvSchema = once(() =>
  z.strictObject({
    path: path(),
    sha256: fileSha256(),
    delimiter: z
      .string()
      .length(1)
      .nullable()
      .default(null)
      .describe('between fields; when left out, whichever of , ; tab | is most frequent in the first line'),
    header: z
      .boolean()
      .default(true)
      .describe('the first line has the names of the columns; else they are column1, column2, …'),
    missing: z
      .array(z.string())
      .min(1)
      .default(['', 'NA', 'N/A', 'n/a', 'NaN', 'nan', 'NULL', 'null', 'None'])
      .describe('texts that stand for a missing value'),
    memory: memory(),
  }),
);

/** Fields of `parquet` and `json`, whose columns have types. */
export const typedSchema = once(() =>
  z.strictObject({
    path: path(),
    sha256: fileSha256(),
    missing: z.array(z.string()).default(['']).describe('texts that stand for a missing value'),
    memory: memory(),
  }),
);

/** A table of any format, by its `type`; the memory is that of the table that it is read for. */
export const anyTable = () => {
  const typed = typedSchema().omit({ memory: true });
  return z.discriminatedUnion('type', [
    csvSchema()
      .omit({ memory: true })
      .extend({ type: z.literal('csv') }),
    typed.extend({ type: z.literal('parquet') }),
    typed.extend({ type: z.literal('json') }),
  ]);
};
