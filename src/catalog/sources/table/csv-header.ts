import { dataError } from '../../../errors.ts';
import { type NamedFile, peek } from '../files.ts';

const LONGEST_HEADER = 2 ** 20;
const DELIMITERS = [',', ';', '\t', '|'];

/** Fields of the first line; RFC 4180 quotes. */
function firstLine(text: string, delimiter: string): string[] {
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quoted) {
      if (c !== '"') field += c;
      else if (text[i + 1] === '"') {
        field += '"';
        i++;
      } else quoted = false;
    } else if (c === '"' && field === '') quoted = true;
    else if (c === delimiter) {
      fields.push(field);
      field = '';
    } else if (c === '\n' || c === '\r') break;
    else field += c;
  }
  return [...fields, field];
}

export interface CsvHeader {
  readonly delimiter: string;
  readonly names: readonly string[];
}

/**
 * Column names and delimiter of a CSV file. The delimiter is the one of `,` `;` tab `|` that makes most fields of the first line.
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
  const text = new TextDecoder().decode(bytes).replace(/^\ufeff/, '');
  const counted = DELIMITERS.map((d) => ({ d, fields: firstLine(text, d).length }));
  const most = counted.reduce((a, b) => (b.fields > a.fields ? b : a));
  const chosen = delimiter ?? most.d;
  const fields = firstLine(text, chosen);
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
  return { delimiter: chosen, names: fields };
}
