import { dataError } from '../../errors.ts';
import { type NamedFile, peek } from '../files/data-file.ts';

const LONGEST_HEADER = 2 ** 20;
const DELIMITERS = [',', ';', '\t', '|'];

interface FirstLine {
  readonly fields: readonly string[];
  /** Characters up to the next line. */
  readonly end: number;
  /** It has line breaks inside quotes. */
  readonly broken: boolean;
}

/** The first line, whose quotes may hold line breaks; RFC 4180. */
function firstLine(text: string, delimiter: string): FirstLine {
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  let at = 0;
  let broken = false;
  const breakAt = (i: number) => /^(\r\n|\n|\r)/.exec(text.slice(i, i + 2))![0];
  for (; at < text.length; at++) {
    const c = text[at]!;
    if (quoted) {
      if (c === '\n' || c === '\r') {
        broken = true;
        if (breakAt(at).length === 2) field += text[at++];
      }
      if (text[at] !== '"') field += text[at];
      else if (text[at + 1] === '"') {
        field += '"';
        at++;
      } else quoted = false;
    } else if (c === '"' && field === '') quoted = true;
    else if (c === delimiter) {
      fields.push(field);
      field = '';
    } else if (c === '\n' || c === '\r') break;
    else field += c;
  }
  const ending = at < text.length ? breakAt(at) : '';
  return { fields: [...fields, field], end: at + ending.length, broken };
}

export interface CsvHeader {
  readonly delimiter: string;
  readonly names: readonly string[];
  /**
   * The header's bytes and lines, where it has line breaks inside quotes, from which DuckDB would guess
   * wrongly how lines end.
   */
  readonly apart?: { readonly bytes: number; readonly lines: number };
}

/**
 * Column names and delimiter of a CSV file. The delimiter is the one of `,` `;` tab `|` that makes most
 * fields of the first line.
 * @param header false: the file has none, columns are `column1`, `column2`, …
 * @throws MlxError `csv-header`, `data-encoding`
 */
export function readCsvHeader(file: NamedFile, delimiter: string | null, header: boolean): CsvHeader {
  const bytes = peek(file.path, LONGEST_HEADER) ?? new Uint8Array();
  const at = { path: ['data', 'source', 'path'] };
  if (bytes[0] === 0xff || bytes[0] === 0xfe || bytes.subarray(0, 4096).includes(0))
    throw dataError('data-encoding', `${file.name} is no UTF-8 text`, {
      ...at,
      help: 'save it as CSV in UTF-8; parquet files have a source of their own, `parquet`',
    });
  const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const text = new TextDecoder().decode(bytes.subarray(mark));
  const counted = DELIMITERS.map((d) => ({ d, fields: firstLine(text, d).fields.length }));
  const most = counted.reduce((a, b) => (b.fields > a.fields ? b : a));
  const chosen = delimiter ?? most.d;
  const { fields, end, broken } = firstLine(text, chosen);
  if (!header) return { delimiter: chosen, names: fields.map((_, i) => `column${i + 1}`) };
  const seen = new Map<string, number>();
  fields.forEach((name, i) => {
    if (name.trim() === '')
      throw dataError('csv-header', `${file.name}: column ${i + 1} has no name in line 1`, {
        ...at,
        help: 'name every column in the first line, or say `header: false`',
      });
    const earlier = seen.get(name.toLowerCase());
    if (earlier !== undefined)
      throw dataError(
        'csv-header',
        `${file.name}: columns ${earlier} and ${i + 1} are both named \`${name}\``,
        {
          ...at,
          help: 'rename one of them in the file; upper and lower case are the same in SQL',
        },
      );
    seen.set(name.toLowerCase(), i + 1);
  });
  const own = text.slice(0, end);
  const apart = { bytes: mark + Buffer.byteLength(own), lines: own.split(/\r\n|\n|\r/).length - 1 };
  return { delimiter: chosen, names: fields, ...(broken && { apart }) };
}
