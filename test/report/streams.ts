import { Writable } from 'node:stream';

/** A terminal or pipe that keeps what is written to it. */
export function fakeStream(isTTY: boolean, columns = 80, rows = 24) {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  Object.assign(stream, { isTTY, columns, rows, getColorDepth: () => 8 });
  return { stream: stream as unknown as NodeJS.WriteStream, text: () => text };
}
