import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvCell, parseCsv } from '../../src/record/index.ts';

describe('parseCsv', () => {
  it('brings any cells back that csvCell wrote', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'é', '1') });
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 5 }), (rows) => {
        const text = rows.map((row) => `${row.map(csvCell).join(',')}\n`).join('');
        expect(parseCsv(text)).toEqual(rows);
      }),
    );
  });

  it('takes cells of any length, Windows’ line ends and a last line without its end', () => {
    const long = 'x'.repeat(5000);
    expect(parseCsv(`${long},b\r\n"c\r\nd",`)).toEqual([
      [long, 'b'],
      ['c\r\nd', ''],
    ]);
    expect(parseCsv('')).toEqual([]);
  });

  it('says where a quote is torn', () => {
    expect(() => parseCsv('a,"b')).toThrow('row 1 has no end');
    expect(() => parseCsv('a\n"b"c\n')).toThrow('row 2 goes on');
  });
});
