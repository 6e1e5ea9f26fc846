import { deflateSync } from 'node:zlib';

const crcs = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

function chunk(type: string, body: Uint8Array): Buffer {
  const out = Buffer.alloc(12 + body.length);
  out.writeUInt32BE(body.length, 0);
  out.write(type, 4, 'latin1');
  out.set(body, 8);
  let crc = 0xffffffff;
  for (const byte of out.subarray(4, 8 + body.length)) crc = crcs[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  out.writeUInt32BE((crc ^ 0xffffffff) >>> 0, 8 + body.length);
  return out;
}

/** An 8-bit PNG (grey for 1 channel, RGB for 3) of pixels `[height, width, channels]`. */
export function png(pixels: Uint8Array, height: number, width: number, channels: 1 | 3): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, channels === 1 ? 0 : 2, 0, 0, 0], 8);
  const stride = width * channels;
  const lines = Buffer.alloc(height * (stride + 1));
  for (let y = 0; y < height; y++)
    lines.set(pixels.subarray(y * stride, (y + 1) * stride), y * (stride + 1) + 1);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Pictures side by side with a gap of 2 pixels, as one picture. */
export function strip(
  pictures: readonly Uint8Array[],
  height: number,
  width: number,
  channels: number,
): Buffer {
  const shown = channels === 3 ? 3 : 1;
  const whole = pictures.length * (width + 2);
  const out = new Uint8Array(height * whole * shown);
  pictures.forEach((picture, p) => {
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let c = 0; c < shown; c++)
          out[(y * whole + p * (width + 2) + x) * shown + c] = picture[(y * width + x) * channels + c]!;
  });
  return png(out, height, whole, shown);
}
