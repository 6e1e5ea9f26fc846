import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rowSteps } from '../../../src/catalog/rows/index.ts';
import { sources } from '../../../src/catalog/sources/index.ts';
import { EXIT } from '../../../src/errors.ts';
import { context, failure, folder } from '../helpers.ts';
import { read, request, table } from './helpers.ts';

const FLIGHTS = 'origin,delay,y\nJFK,5,a\nLAX,7,b\nXXX,9,a\nJFK,1,b\n,2,a\n';
const AIRPORTS = 'iata,lat,state\nLAX,33.9,CA\nJFK,40.6,NY\nSFO,37.6,CA\n';

const step = (value: object) => ({ kind: 'join', value: rowSteps.get('join')!.schema.parse(value) });
const joined = (value: object, files: Record<string, string> = {}, more: object[] = []) =>
  read(
    { data: FLIGHTS, airports: AIRPORTS, ...files },
    {
      table: request({
        rows: [
          step({ source: { type: 'csv', path: 'airports' }, on: { origin: 'iata' }, ...value }),
          ...(more as []),
        ],
      }),
    },
  );

describe('join', () => {
  it('left: rows stay in their order, those without a partner have missing values', async () => {
    const raw = await joined({});
    expect(raw.columns!.map(({ name, kind }) => [name, kind])).toEqual([
      ['origin', 'category'],
      ['delay', 'number'],
      ['lat', 'number'],
      ['state', 'category'],
    ]);
    expect(table(raw)['lat']).toEqual([40.6, 33.9, Number.NaN, 40.6, Number.NaN].map(Math.fround));
    expect(raw.columns![3]!.levels).toEqual(['CA', 'NY']);
    expect(raw.files.map(({ name }) => name)).toEqual(['data', 'airports']);
    expect(raw.ids).toBeUndefined();
  });

  it('inner: they go, and rows are still named as in the source', async () => {
    const raw = await joined({ type: 'inner', columns: ['lat'], prefix: 'from_' });
    expect(table(raw)['from_lat']).toEqual([40.6, 33.9, 40.6].map(Math.fround));
    expect([...raw.ids!]).toEqual([0, 1, 3]);
  });

  it('goes with other steps, on several columns, from another format', async () => {
    const other = '{"origin":"JFK","delay":5,"wind":3}\n{"origin":"JFK","delay":1,"wind":4}\n';
    const source = { type: 'json', path: 'weather' };
    const more = [{ kind: 'filter', value: 'wind IS NOT NULL' }];
    const raw = await joined({ source, on: ['origin', 'delay'] }, { weather: other }, more);
    expect(table(raw)['wind']).toEqual([3, 4]);
  });

  it('several partners: an error that shows one, or a row for each', async () => {
    const twice = { airports: `${AIRPORTS}JFK,41,NY\nSFO,1,CA\n` };
    const error = await failure(() => joined({}, twice));
    expect(error).toMatchObject({ code: 'join-many', exit: EXIT.config });
    expect(error.message).toContain('a key occurs more than once in the second table, e.g. iata JFK 2 times');
    expect(error.details.path).toEqual(['data', 'rows', 0, 'join', 'on']);
    const raw = await joined({ many: 'allow' }, twice);
    expect(table(raw)['lat']).toEqual([40.6, 41, 33.9, Number.NaN, 40.6, 41, Number.NaN].map(Math.fround));
    expect(raw.ids).toBeUndefined(); // rows of their own from here on
  });

  it('a name that both have is refused, or gets a prefix', async () => {
    const clash = { airports: 'iata,DELAY\nJFK,3\n' };
    const error = await failure(() => joined({}, clash));
    expect(error).toMatchObject({ code: 'column-name', message: 'both tables have a column `DELAY`' });
    expect((await joined({ prefix: 'airport_' }, clash)).columns!.at(-1)).toMatchObject({
      name: 'airport_DELAY',
    });
  });

  it('kinds must fit, and may be given', async () => {
    const codes = { data: 'zip,y\n02134,a\n00501,b\n', airports: 'zip,n\n2134,1\n501,2\n' };
    const error = await failure(() => joined({ on: ['zip'] }, codes));
    expect(error).toMatchObject({
      code: 'join-kinds',
      message: '`zip` is category, but `zip` of the second table is number',
    });
    const padded = { ...codes, airports: 'zip,n\n10001,1\n00501,2\n' };
    expect(table(await joined({ on: ['zip'], kinds: { zip: 'category' } }, padded))['n']).toEqual([
      Number.NaN,
      2,
    ]);
  });

  it.each<[string, object, Record<string, string>, string, (string | number)[]]>([
    ['nothing in common', {}, { airports: 'iata,lat\nZZZ,1\n' }, 'join-nothing', ['on']],
    ['a column of the first', { on: { orign: 'iata' } }, {}, 'no-such-column', []],
    ['a column of the second', { on: ['origin'] }, {}, 'no-such-column', ['on']],
    ['a column to take', { columns: ['lon'] }, {}, 'no-such-column', ['columns']],
    ['a file', { source: { type: 'csv', path: 'airprts' } }, {}, 'data-missing', ['source', 'path']],
    ['a row', {}, { airports: 'iata,lat\nJFK,1,2\n' }, 'csv-row', ['source', 'path']],
    ['a kind', { kinds: { lat: 'date' } }, {}, 'wrong-type', ['kinds', 'lat']],
    [
      'a hash',
      { source: { type: 'csv', path: 'airports', sha256: '0'.repeat(64) } },
      {},
      'checksum',
      ['source', 'sha256'],
    ],
  ])('%s that is wrong: an error at its place', async (_, value, files, code, path) => {
    const error = await failure(() => joined(value, files));
    expect(error.code).toBe(code);
    expect(error.details.path).toEqual(['data', 'rows', 0, 'join', ...path]);
  });

  it('large tables on disk give the same', async () => {
    const path = folder();
    writeFileSync(join(path, 'data'), FLIGHTS);
    writeFileSync(join(path, 'airports'), AIRPORTS);
    const asked = request({
      rows: [step({ source: { type: 'csv', path: 'airports' }, on: { origin: 'iata' } })],
    });
    const csv = sources.get('csv')!;
    const at = (limits?: { loaded: number; held: number }) =>
      csv.read(
        csv.schema.parse({ path: 'data' }),
        context({ folder: path, cache: folder(), target: 'y', table: asked, limits }),
      );
    expect(table(await at({ loaded: 1, held: 1e6 }))).toEqual(table(await at()));
    expect(
      (await csv.files!(csv.schema.parse({ path: 'data' }), context({ folder: path, table: asked }))).length,
    ).toBe(2);
  });

  it('takes fields of tables alone', () => {
    const wrong = (value: object) => rowSteps.get('join')!.schema.safeParse(value).success;
    expect(wrong({ source: { type: 'mnist' }, on: ['a'] })).toBe(false);
    expect(wrong({ source: { type: 'parquet', path: 'a', delimiter: ',' }, on: ['a'] })).toBe(false);
    expect(wrong({ source: { type: 'parquet', path: 'http://example.com/a' }, on: ['a'] })).toBe(false);
    expect(wrong({ source: { type: 'csv', path: 'a' } })).toBe(false);
  });
});
