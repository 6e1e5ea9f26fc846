import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sources } from '../../src/catalog/sources/index.ts';
import { EXIT } from '../../src/errors.ts';
import { checkedAddress, fetchFile } from '../../src/readers/download/fetch-file.ts';
import { context, failure, folder } from './helpers.ts';

const CSV = 'a,b,y\n1,2,x\n3,4,z\n5,6,x\n';
const hashOf = (text: string | Uint8Array) => createHash('sha256').update(text).digest('hex');

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server on this machine; its address, and what it was asked for. */
async function serve(answer: Answer): Promise<{ base: string; asked: string[]; close(): Promise<void> }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url!);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  onTestFinished(close);
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, close };
}
const always =
  (body: string | Uint8Array): Answer =>
  (_, response) =>
    response.end(body);

const csv = sources.get('csv')!;
const read = (path: string, cache: string, more: object = {}) =>
  csv.read(csv.schema.parse({ path, ...more }), context({ cache, target: 'y' }));
/** All that is left in the cache of downloads, but for the notes on addresses. */
const kept = (cache: string): string[] =>
  existsSync(join(cache, 'downloads'))
    ? readdirSync(join(cache, 'downloads')).filter((name) => name !== 'addresses')
    : [];

describe('a table on the web', () => {
  it('is downloaded once, and recorded by its address and hash', async () => {
    const { base, asked, close } = await serve(always(CSV));
    const cache = folder();
    const first = await read(`${base}/t.csv?v=1`, cache);
    expect(first.files).toEqual([{ name: `${base}/t.csv?v=1`, bytes: CSV.length, sha256: hashOf(CSV) }]);
    expect(first.count).toBe(3);
    expect(kept(cache)).toEqual([hashOf(CSV)]);
    await close(); // offline from here on
    expect(await read(`${base}/t.csv?v=1`, cache)).toEqual(first);
    expect(asked).toEqual(['/t.csv?v=1']);
  });

  it('that the config pins is found whatever address it came from', async () => {
    const { base, asked } = await serve(always(CSV));
    const cache = folder();
    await read(`${base}/t.csv`, cache);
    const pinned = await read(`${base}/elsewhere.csv`, cache, { sha256: hashOf(CSV) });
    expect(pinned.files[0]).toMatchObject({ name: `${base}/elsewhere.csv`, sha256: hashOf(CSV) });
    expect(asked).toEqual(['/t.csv']);
  });

  it('that isn’t what the config pins is refused, and not kept', async () => {
    const { base } = await serve(always(CSV));
    const cache = folder();
    const error = await failure(() => read(`${base}/t.csv`, cache, { sha256: hashOf('else') }));
    expect(error).toMatchObject({ code: 'checksum', exit: EXIT.data });
    expect(error.details.notes).toEqual([`expected sha256 ${hashOf('else')}`, `found ${hashOf(CSV)}`]);
    expect(kept(cache)).toEqual([]);
  });

  it('keeps what was downloaded once, and fetches a damaged copy anew', async () => {
    let body = CSV;
    const { base, asked } = await serve((_, response) => response.end(body));
    const cache = folder();
    const first = await read(`${base}/t.csv`, cache);
    body = `${CSV}7,8,z\n`;
    expect((await read(`${base}/t.csv`, cache)).files).toEqual(first.files);
    writeFileSync(join(cache, 'downloads', hashOf(CSV)), 'a,b,y\n1,2,x\n3,4,!\n5,6,x\n');
    expect((await read(`${base}/t.csv`, cache)).count).toBe(4);
    expect(asked).toHaveLength(2);
  });

  it('takes the copy that an earlier run had, where there are several', async () => {
    const bodies = [CSV, `${CSV}7,8,z\n`];
    const { base } = await serve((_, response) => response.end(bodies.shift()));
    const cache = folder();
    const { files } = await read(`${base}/t.csv`, cache);
    writeFileSync(join(cache, 'downloads/addresses', hashOf(`${base}/t.csv`)), 'torn');
    expect((await read(`${base}/t.csv`, cache)).count).toBe(4);
    const again = await csv.read(
      csv.schema.parse({ path: `${base}/t.csv` }),
      context({ cache, target: 'y', expected: files }),
    );
    expect(again.count).toBe(3);
  });

  it('reads parquet and ndjson as well', async () => {
    const { base } = await serve(always('{"a":1,"y":"p"}\n{"a":2,"y":"q"}\n'));
    const json = sources.get('json')!;
    const raw = await json.read(
      json.schema.parse({ path: `${base}/t.ndjson` }),
      context({ cache: folder(), target: 'y' }),
    );
    expect([...raw.x]).toEqual([1, 2]);
  });

  const cut: Answer = (_, response) => {
    response.writeHead(200, { 'content-length': 1000 });
    response.write(CSV);
    setTimeout(() => response.destroy(), 20);
  };
  it.each<[string, Answer, RegExp]>([
    ['an error', (_, response) => response.writeHead(503).end(), /the server answers 503/],
    ['a connection that breaks', cut, /terminated|closed/],
    [
      'redirects in a circle',
      (_, r) => r.writeHead(302, { location: '/again' }).end(),
      /redirects more than 10/,
    ],
    [
      'a redirect to http elsewhere',
      (_, r) => r.writeHead(301, { location: 'http://example.com/t.csv' }).end(),
      /redirects to http:\/\/example\.com\/t\.csv: http can be changed on its way/,
    ],
    [
      'a redirect to a file',
      (_, r) => r.writeHead(301, { location: 'file:///etc/passwd' }).end(),
      /file:\/\/ is not read/,
    ],
  ])('%s: a clear error, and nothing half-written', async (_, answer, reason) => {
    const { base } = await serve(answer);
    const cache = folder();
    const error = await failure(() => read(`${base}/t.csv`, cache));
    expect(error).toMatchObject({ code: 'download-failed', exit: EXIT.data });
    expect(error.message).toMatch(reason);
    expect(error.details.path).toEqual(['data', 'source', 'path']);
    expect(kept(cache)).toEqual([]);
  });

  it('offline without a copy says where the file would be taken from', async () => {
    const { base, close } = await serve(always(CSV));
    await close();
    const cache = folder();
    const error = await failure(() => read(`${base}/t.csv`, cache, { sha256: hashOf(CSV) }));
    expect(error.message).toMatch(/could not be downloaded: fetch failed \(.*ECONNREFUSED/);
    expect(error.details.help).toContain(join(cache, 'downloads', hashOf(CSV)));
    mkdirSync(join(cache, 'downloads'), { recursive: true });
    writeFileSync(join(cache, 'downloads', hashOf(CSV)), CSV);
    expect((await read(`${base}/t.csv`, cache, { sha256: hashOf(CSV) })).count).toBe(3);
  });

  it('follows a redirect', async () => {
    const { base } = await serve((request, response) =>
      request.url === '/new/t.csv'
        ? response.end(CSV)
        : response.writeHead(307, { location: 'new/t.csv' }).end(),
    );
    expect((await read(`${base}/t.csv`, folder())).count).toBe(3);
  });

  it('an empty one is said to be empty, and asked for again next time', async () => {
    let body = '';
    const { base } = await serve((_, response) => response.end(body));
    const cache = folder();
    expect((await failure(() => read(`${base}/t.csv`, cache))).code).toBe('data-empty');
    body = CSV;
    expect((await read(`${base}/t.csv`, cache)).count).toBe(3);
  });
});

describe('limits of a download', () => {
  it('refuses more bytes than allowed, announced, sent, or unpacked', async () => {
    const flood: Answer = (request, response) => {
      if (request.url === '/announced') response.writeHead(200, { 'content-length': 101 });
      if (request.url === '/packed') response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(request.url === '/packed' ? gzipSync(Buffer.alloc(1e6)) : Buffer.alloc(101));
    };
    const { base } = await serve(flood);
    const to = folder();
    for (const path of ['/announced', '/sent', '/packed'])
      await expect(fetchFile(base + path, to, { bytes: 100 })).rejects.toThrow(/more than 100 bytes/);
    expect(readdirSync(to)).toEqual([]);
    const { path, bytes } = await fetchFile(`${base}/sent`, to, { bytes: 101 });
    expect([bytes, readFileSync(path).length]).toEqual([101, 101]);
  });

  it('gives a silent server up', async () => {
    const { base } = await serve((_, response) => void response.write('a,b'));
    const to = folder();
    await expect(fetchFile(base, to, { bytes: 100, silentMs: 50 })).rejects.toThrow(/nothing for 0.05 s/);
    expect(readdirSync(to)).toEqual([]);
  });
});

describe('addresses', () => {
  it.each([
    'https://example.com/t.csv',
    'http://localhost:1/t.csv',
    'http://127.0.0.1/t',
    'http://[::1]:8/t',
  ])('%s may be read', (path) => {
    expect(csv.schema.safeParse({ path }).success).toBe(true);
  });
  it.each([
    ['http://example.com/t.csv', /https is read/],
    ['http://127.0.0.1.example.com/t.csv', /https is read/],
    ['https://me:secret@example.com/t.csv', /user name/],
    ['ftp://example.com/t.csv', /ftp:\/\/ is not read/],
    ['file:///etc/passwd', /file:\/\/ is not read/],
    ['https://', /no valid address/],
  ])('%s is refused', (path, reason) => {
    expect(csv.schema.safeParse({ path }).success).toBe(false);
    expect(() => checkedAddress(path)).toThrow(reason);
  });
});

it('a local file may be pinned too', async () => {
  const path = folder();
  writeFileSync(join(path, 't.csv'), CSV);
  const ctx = context({ folder: path, target: 'y' });
  const params = (sha256: string, name = 't.csv') => csv.schema.parse({ path: name, sha256 });
  expect((await csv.read(params(hashOf(CSV)), ctx)).count).toBe(3);
  expect((await failure(() => csv.read(params(hashOf('no')), ctx))).code).toBe('checksum');
  writeFileSync(join(path, 'u.csv'), CSV);
  expect((await failure(() => csv.read(params(hashOf(CSV), '*.csv'), ctx))).code).toBe('sha256-of-many');
});
