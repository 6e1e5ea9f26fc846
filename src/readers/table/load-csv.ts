import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { dataError, MlxError } from '../../errors.ts';
import type { NamedFile } from '../files/data-file.ts';
import { readCsvHeader } from './csv-header.ts';
import { reason } from './duckdb.ts';
import { AT, exactly, type Load, numberedView, reserved } from './loading.ts';
import { literal } from './sql-text.ts';

/**
 * Loads every column as text; `typeColumns` finds the kinds. Files are read one by one, so that an error can
 * name its file.
 */
export const loadCsv: Load = async (database, files, { params, small, disk, prefix, folder }) => {
  const first = readCsvHeader(files[0]!, params.delimiter ?? null, params.header ?? true);
  if (first.names.includes('__row')) throw reserved('__row');
  const columns = `{${first.names.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ')}}`;
  const reads: string[] = [];
  const skipped: number[] = [];
  for (const file of files) {
    const { names, apart } = readCsvHeader(file, first.delimiter, params.header ?? true);
    if (names.join('\0') !== first.names.join('\0'))
      throw dataError('csv-header', `${file.name} has other columns than ${files[0]!.name}`, {
        ...AT,
        notes: [`${files[0]!.name}: ${first.names.join(', ')}`, `${file.name}: ${names.join(', ')}`],
        help: 'give all files the same first line, or name fewer files',
      });
    const options = [
      'auto_detect = false',
      `header = ${(params.header ?? true) && !apart}`,
      `delim = ${literal(first.delimiter)}`,
      `quote = '"'`,
      `escape = '"'`,
      'strict_mode = true',
      'null_padding = false',
      `nullstr = [${params.missing.map(literal).join(', ')}]`,
      `columns = ${columns}`,
    ];
    const path = apart
      ? await withoutHeader(file, apart.bytes, join(folder(), `${prefix}${reads.length}.csv`))
      : file.path;
    skipped.push(apart?.lines ?? 0);
    reads.push(`SELECT * FROM read_csv(${exactly(path)}, ${options.join(', ')})`);
  }
  let current = files[0]!;
  try {
    const loaded = `${small ? 'memory' : await disk()}.${prefix}loaded`;
    for (const [i, read] of reads.entries()) {
      current = files[i]!;
      await database.run(i === 0 ? `CREATE TABLE ${loaded} AS ${read}` : `INSERT INTO ${loaded} ${read}`);
    }
    await database.run(numberedView(prefix, '*', loaded));
  } catch (error) {
    throw csvProblem(error, current, skipped[files.indexOf(current)]!);
  }
  return [];
};

/**
 * Copies a file without its header: DuckDB guesses how lines end from the first line break, which may be
 * inside quotes there.
 */
async function withoutHeader({ path }: NamedFile, bytes: number, to: string): Promise<string> {
  await pipeline(
    createReadStream(path, { start: bytes }),
    createWriteStream(to, { flags: 'wx', mode: 0o600 }),
  );
  return to;
}

/** An error for a broken row, from DuckDB's message. */
function csvProblem(error: unknown, file: NamedFile, skipped: number): unknown {
  if (error instanceof MlxError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const told = /CSV Error on Line: (\d+)/.exec(text)?.[1];
  const line = told && String(Number(told) + skipped);
  const fields = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(text);
  const notes = line ? [`${file.name}:${line}`] : [];
  const where = line ? `line ${line} of ${file.name}` : file.name;
  if (fields)
    return dataError('csv-row', `${where} has ${fields[2]} fields; the header has ${fields[1]}`, {
      ...AT,
      notes,
      help: 'correct the line; fields that hold the delimiter or a line break need double quotes',
    });
  if (/unterminated quote|quote/i.test(text) && line)
    return dataError('csv-row', `${where} has a quote that doesn't end`, {
      ...AT,
      notes,
      help: 'close the quote; a quote inside a quoted field is written twice',
    });
  if (/unicode|utf-?8/i.test(text))
    return dataError('data-encoding', `${where} is no UTF-8 text`, {
      ...AT,
      notes,
      help: 'save the file as UTF-8',
    });
  return dataError('csv-row', `${where} can't be read: ${reason(error)}`, { ...AT, notes });
}
