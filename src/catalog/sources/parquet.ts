import { typedSchema } from '../table-fields.ts';
import { tableSource } from './table-source.ts';

export const parquet = tableSource('parquet', 'tables in Apache Parquet files', typedSchema);
