import { typedSchema } from '../table-fields.ts';
import { tableSource } from './table-source.ts';

/** One array of objects, or one object a line (NDJSON). */
export const json = tableSource(
  'json',
  'tables as JSON: an array of objects, or one object a line',
  typedSchema,
);
