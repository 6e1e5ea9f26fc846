import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { dataError } from '../../errors.ts';
import { literal } from './sql-text.ts';

export type Cell = string | number | boolean | bigint | null;

/** Milliseconds that all expressions of one run may take together. */
const TIME_LIMIT_MS = 10 * 60_000;

/**
 * What a locked database may still reach: the data's own files, and the folder for what doesn't fit into
 * memory.
 */
export interface Reach {
  readonly files: readonly string[];
  /** A folder, which need not exist yet. */
  readonly spill: string;
}

/**
 * The embedded database of one run: mlx' own SQL fills it, then it is locked, then expressions of a config
 * may run.
 */
export class Database {
  private constructor(
    private readonly connection: DuckDBConnection,
    private readonly instance: DuckDBInstance,
  ) {}

  /**
   * In memory, one thread (so that orders and sums are the same in every run), no extension that isn't built
   * in.
   */
  static async open(memoryLimit: string): Promise<Database> {
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const instance = await DuckDBInstance.create(':memory:', {
      threads: '1',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      allow_community_extensions: 'false',
      allow_unsigned_extensions: 'false',
      memory_limit: memoryLimit,
    });
    const database = new Database(await instance.connect(), instance);
    await database.run("SET TimeZone = 'UTC'");
    await database.run('SET preserve_insertion_order = true');
    return database;
  }

  /**
   * From here on no network, no settings and no files; for tables too large for memory only the files of
   * `reach`.
   */
  async lock(reach?: Reach): Promise<void> {
    const files = reach
      ? [
          `temp_directory = ${literal(reach.spill)}`,
          `allowed_paths = [${reach.files.map(literal).join(', ')}]`,
          'enable_external_access = false',
        ]
      : ["temp_directory = ''", 'enable_external_access = false', "disabled_filesystems = 'LocalFileSystem'"];
    for (const setting of [...files, 'lock_configuration = true']) await this.run(`SET ${setting}`);
  }

  /** @throws Error with DuckDB's message; MlxError where the memory or the time is used up */
  async run(sql: string): Promise<void> {
    await this.limited(() => this.connection.run(sql));
  }

  async rows(sql: string): Promise<readonly (readonly Cell[])[]> {
    const reader = await this.limited(() => this.connection.runAndReadAll(sql));
    return reader.getRowsJS() as Cell[][];
  }

  async value(sql: string): Promise<Cell> {
    return (await this.rows(sql))[0]?.[0] ?? null;
  }

  /**
   * Doubles, column by column in pieces; NULL is NaN. `visit` gets the first row and the piece of each
   * column.
   */
  async doubles(
    sql: string,
    visit: (from: number, columns: readonly Float64Array[], count: number) => void,
  ): Promise<void> {
    await this.limited(async () => {
      const result = await this.connection.stream(sql);
      for (let from = 0; ; ) {
        const chunk = await result.fetchChunk();
        if (!chunk || chunk.rowCount === 0) return;
        const columns = Array.from({ length: chunk.columnCount }, (_, j) => {
          const vector = chunk.getColumnVector(j) as unknown as { items: Float64Array };
          return vector.items;
        });
        visit(from, columns, chunk.rowCount);
        from += chunk.rowCount;
      }
    });
  }

  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }

  private async limited<T>(work: () => Promise<T>): Promise<T> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.connection.interrupt();
    }, TIME_LIMIT_MS);
    try {
      return await work();
    } catch (cause) {
      if (late)
        throw dataError('data-time', 'preparing the table took more than 10 minutes', {
          help: 'filter rows first, or make the expressions simpler',
          cause,
        });
      if (cause instanceof Error && /^Out of Memory/i.test(cause.message))
        throw dataError('data-memory', 'the table is larger than its memory limit', {
          help: 'select fewer columns, sample rows, or raise `memory` of the source',
          cause,
        });
      throw cause;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** The first line of DuckDB's message, for an error of mlx. */
export function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const line = text.split('\n')[0]!.replace(/^[A-Z][A-Za-z -]* Error: /, '');
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
