import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PredictionColumns, type PredictionRow, predictionsCsv } from '../../src/record/predictions.ts';

const csv = (columns: PredictionColumns, rows: PredictionRow[]) =>
  [...predictionsCsv(columns, rows)].join('');

/** RFC 4180, read independently of the writer: quotes, doubled quotes, line ends. */
function parse(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\n)/g)) {
    record.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'));
    if (end === '\n') {
      records.push(record);
      record = [];
    }
  }
  return records;
}

describe('predictions.csv', () => {
  it('has a column for each class', () => {
    const rows = [
      { id: 3, truth: 'cat', prediction: 'dog', scores: Float32Array.of(0.25, 0.75) },
      { id: 'a.png', truth: 'dog', prediction: 'dog', scores: Float32Array.of(1e-9, 1) },
    ];
    expect(csv({ scores: ['cat', 'dog'] }, rows)).toBe(
      'id,truth,prediction,score_cat,score_dog\n3,cat,dog,0.25,0.75\na.png,dog,dog,1e-9,1\n',
    );
  });

  it('tells more of each example at the end', () => {
    const rows = [
      { id: 0, truth: 'cat', prediction: 'cat', scores: [0.5], extra: [Math.fround(0.1), 3] },
      { id: 1, truth: 'dog', prediction: 'cat', scores: [0.25], extra: [1e9, 0] },
    ];
    expect(csv({ scores: ['dog'], extra: ['loss', 'group'] }, rows)).toBe(
      'id,truth,prediction,score_dog,loss,group\n0,cat,cat,0.5,0.1,3\n1,dog,cat,0.25,1000000000,0\n',
    );
  });

  it('has a pair of columns for each target', () => {
    const one = [{ id: 0, truth: Float32Array.of(-1.5), prediction: Float32Array.of(0.1) }];
    expect(csv({ targets: ['price'] }, one)).toBe('id,truth,prediction\n0,-1.5,0.1\n');
    const two = [{ id: 0, truth: [1, 2], prediction: [3, 4] }];
    expect(csv({ targets: ['x', 'y'] }, two)).toBe(
      'id,truth_x,truth_y,prediction_x,prediction_y\n0,1,2,3,4\n',
    );
  });

  it('never hands a spreadsheet a formula', () => {
    const names = ['=1+1', '+cmd', '-x', '@SUM(A1)', '=HYPERLINK("x","y")', '-1', '+0.5', 'a=b'];
    const rows = names.map((name, id) => ({ id, truth: name, prediction: name }));
    const read = parse(csv({}, rows)).slice(1);
    expect(read.map(([, truth]) => truth)).toEqual([
      "'=1+1",
      "'+cmd",
      "'-x",
      "'@SUM(A1)",
      '\'=HYPERLINK("x","y")',
      '-1',
      '+0.5',
      'a=b',
    ]);
  });

  it('brings any text back', () => {
    const text = fc.string({ unit: 'binary' }).filter((t) => !/^[=+\-@]/.test(t));
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { minLength: 1 }), (pairs) => {
        const rows = pairs.map(([truth, prediction], id) => ({ id, truth, prediction }));
        expect(parse(csv({ scores: ['a,b', 'c"d'] }, rows))).toEqual([
          ['id', 'truth', 'prediction', 'score_a,b', 'score_c"d'],
          ...pairs.map(([truth, prediction], id) => [String(id), truth, prediction]),
        ]);
      }),
    );
  });

  it('writes each float32 so that it reads back the same, and no digit more than needed', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const [, cell] = parse(csv({}, [{ id: 0, truth: [value], prediction: [0] }]))[1]!;
        expect(Math.fround(Number(cell))).toBe(value === 0 ? 0 : value);
        const digits = cell!
          .replace(/e.*/, '')
          .replace(/[-.]/g, '')
          .replace(/^0+|0+$/g, '').length;
        if (digits > 1)
          expect(Math.fround(Number(value.toPrecision(digits - 1))) === value, cell).toBe(false);
      }),
    );
  });

  it('comes in pieces, for a table larger than a string', () => {
    function* rows(): Generator<PredictionRow> {
      for (let id = 0; id < 5000; id++) yield { id, truth: 'a', prediction: 'b' };
    }
    const pieces = [...predictionsCsv({}, rows())];
    expect(pieces.length).toBeGreaterThan(4);
    expect(pieces.join('').split('\n').length).toBe(5002);
  });
});
