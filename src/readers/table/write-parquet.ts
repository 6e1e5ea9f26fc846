import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from './duckdb.ts';
import { literal } from './sql-text.ts';

/**
 * A table as the bytes of a Parquet file (zstd).
 * @param columns SQL types by name, in the order of the CSV's cells
 * @param csv its rows without a header; an empty cell without quotes is NULL
 */
export async function parquetOf(
  columns: Readonly<Record<string, 'VARCHAR' | 'BIGINT' | 'DOUBLE'>>,
  csv: string,
): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'mlx-parquet-'));
  try {
    const [from, to] = [join(folder, 'rows.csv'), join(folder, 'rows.parquet')];
    await writeFile(from, csv);
    const types = Object.entries(columns).map(([name, type]) => `${literal(name)}: ${literal(type)}`);
    const read = `read_csv(${literal(from)}, header = false, auto_detect = false, delim = ',', quote = '"', escape = '"', columns = {${types.join(', ')}})`;
    const database = await Database.open('1GB');
    try {
      await database.run(`COPY (SELECT * FROM ${read}) TO ${literal(to)} (FORMAT parquet, COMPRESSION zstd)`);
    } finally {
      database.close();
    }
    return await readFile(to);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
