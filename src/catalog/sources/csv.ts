import { csvSchema } from '../table-fields.ts';
import { tableSource } from './table-source.ts';

/** Comma-, semicolon- or tab-separated text in UTF-8, with the quotes of RFC 4180. */
export const csv = tableSource('csv', 'tables as text: CSV, TSV', csvSchema);
