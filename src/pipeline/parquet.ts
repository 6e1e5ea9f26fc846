/** A table as Parquet; DuckDB is loaded for it. */
export const parquetOf = async (
  columns: Readonly<Record<string, 'VARCHAR' | 'BIGINT' | 'DOUBLE'>>,
  csv: string,
): Promise<Uint8Array> => (await import('../catalog/sources/table/write-parquet.ts')).parquetOf(columns, csv);
