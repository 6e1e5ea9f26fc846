import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { officialFiles, PLACES, type Places } from '../../../src/catalog/sources/fashion-files.ts';
import { sources } from '../../../src/catalog/sources/index.ts';
import { EXIT } from '../../../src/errors.ts';
import { context, failure, folder, IMAGES, idxBytes, LABELS, write } from '../../readers/helpers.ts';

const fashion = sources.get('fashion_mnist')!;
const NAMES = PLACES.files.map((file) => file.name);
const PLAIN = [IMAGES, LABELS, idxBytes([1, 2, 3], [1, 2, 3, 4, 5, 6]), idxBytes([1], [9])];

/** Places with four small files in the stead of the official ones. */
async function served(
  answer: (name: string) => Uint8Array | undefined,
): Promise<{ places: Places; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const name = request.url!.split('/').at(-1)!;
    asked.push(name);
    const body = answer(name);
    response.writeHead(body ? 200 : 404).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const files = PLAIN.map((bytes, i) => ({
    name: NAMES[i]!,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }));
  const mirrors = [`http://127.0.0.1:${(server.address() as AddressInfo).port}/data`];
  return { places: { files, mirrors, system: join(folder(), 'absent') }, asked };
}
const packed = (name: string) => gzipSync(PLAIN[NAMES.indexOf(name)]!);

describe('download', () => {
  it('fetches what is absent, once, into the cache', async () => {
    const { places, asked } = await served(packed);
    const ctx = context({ cache: join(folder(), 'new') });
    const files = await officialFiles(ctx, places);
    expect(asked).toEqual(NAMES);
    expect(readdirSync(join(ctx.cache, 'fashion-mnist')).sort()).toEqual([...NAMES].sort());
    expect(readFileSync(files[0]!.path)).toEqual(packed(NAMES[0]!));
    expect(await officialFiles(ctx, places)).toEqual(files);
    expect(asked.length).toBe(4);
  });

  it('prefers the files of the system', async () => {
    const { places, asked } = await served(packed);
    const system = folder();
    write(system, Object.fromEntries(PLAIN.map((bytes, i) => [NAMES[i]!.replace('.gz', ''), bytes])));
    const files = await officialFiles(context({ cache: join(folder(), 'new') }), { ...places, system });
    expect(files.map((file) => file.path)).toEqual(
      NAMES.map((name) => join(system, name.replace('.gz', ''))),
    );
    expect(asked).toEqual([]);
  });

  it.each([
    ['other content', () => gzipSync(LABELS), /its content has sha256/],
    ['content cut off', (name: string) => packed(name).subarray(0, 20), /unexpected end of file/],
    ['a web page', () => Buffer.from('<html>please log in</html>'), /incorrect header check/],
    ['nothing', () => undefined, /the server answers 404/],
    ['a flood', () => Buffer.alloc(200_000), /sends more than/],
    ['a bomb', () => gzipSync(Buffer.alloc(10_000_000)), /larger than/],
  ])('%s: a clear error, and nothing is left in the cache', async (_, answer, reason) => {
    const { places } = await served(answer);
    const ctx = context({ cache: folder() });
    const error = await failure(() => officialFiles(ctx, places));
    expect(error).toMatchObject({ code: 'download-failed', exit: EXIT.data });
    expect(error.message).toContain(NAMES[0]);
    expect(error.details.notes![0]).toContain(`${places.mirrors[0]}/${NAMES[0]}`);
    expect(error.details.notes!.join('\n')).toMatch(reason);
    expect(error.details.notes!.join('\n')).toContain(join(ctx.cache, 'fashion-mnist'));
    expect(error.details.help).toContain('apt install dataset-fashion-mnist');
    const left = join(ctx.cache, 'fashion-mnist');
    expect(existsSync(left) ? readdirSync(left) : []).toEqual([]);
  });

  it('tries the next mirror', async () => {
    const { places } = await served(packed);
    const mirrors = ['http://127.0.0.1:1/closed', ...places.mirrors];
    const files = await officialFiles(context({ cache: folder() }), { ...places, mirrors });
    expect(files.length).toBe(4);
    const error = await failure(() =>
      officialFiles(context({ cache: folder() }), { ...places, mirrors: mirrors.slice(0, 1) }),
    );
    expect(error.details.notes![0]).toContain('http://127.0.0.1:1/closed');
  });

  it('a cache that is a file', async () => {
    const { places } = await served(packed);
    const path = folder();
    write(path, { cache: LABELS });
    const error = await failure(() => officialFiles(context({ cache: join(path, 'cache') }), places));
    expect(error).toMatchObject({ code: 'data-unwritable', exit: EXIT.data });
  });
});

describe('a folder of the user', () => {
  it('may hold other clothes, packed or not', async () => {
    const path = folder();
    mkdirSync(join(path, 'mine'));
    write(
      join(path, 'mine'),
      Object.fromEntries(
        PLAIN.map((bytes, i) => [
          i < 2 ? NAMES[i]! : NAMES[i]!.replace('.gz', ''),
          i < 2 ? gzipSync(bytes) : bytes,
        ]),
      ),
    );
    const ctx = context({ folder: path });
    const raw = await fashion.read({ path: 'mine' }, ctx);
    expect(raw).toMatchObject({ count: 5, train: 4, shape: [2, 3, 1] });
    expect(fashion.describe({ path: 'mine' }, ctx)).toMatchObject({ count: 5, shape: [2, 3, 1] });
    expect(raw.target).toMatchObject({ classes: { length: 10, 9: 'Ankle boot' } });
  });
  it('names the file that is missing', async () => {
    const error = await failure(() => fashion.read({ path: 'nowhere' }, context()));
    expect(error).toMatchObject({ code: 'data-missing', exit: EXIT.data });
    expect(error.message).toContain(NAMES[0]);
    expect(fashion.describe({ path: 'nowhere' }, context())).toBeUndefined();
  });
});

it('a foreign file in the cache is found when it is read', async () => {
  const cache = folder();
  mkdirSync(join(cache, 'fashion-mnist'));
  write(
    join(cache, 'fashion-mnist'),
    Object.fromEntries(PLAIN.map((bytes, i) => [NAMES[i]!, gzipSync(bytes)])),
  );
  const error = await failure(() => fashion.read({ path: null }, context({ cache })));
  expect(error).toMatchObject({ code: 'checksum', exit: EXIT.data });
});

describe.skipIf(!existsSync(PLACES.system))('the files of the system', () => {
  it('are the official 60,000 and 10,000', async () => {
    const ctx = context({ cache: folder() });
    const raw = await fashion.read({ path: null }, ctx);
    expect(raw).toMatchObject({ ...fashion.describe({ path: null }, ctx), train: 60_000 });
    const counts = new Array(10).fill(0);
    for (const label of raw.y) counts[label]++;
    expect(counts).toEqual(new Array(10).fill(7000));
  });
});
