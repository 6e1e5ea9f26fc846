import { expect, test } from 'vitest';
import { Message } from '../../../src/engines/onnx/format/proto.ts';

const hex = (message: Message) => Buffer.from(message.finish()).toString('hex');

// The first three are the examples of protobuf's own encoding guide.
test('a number', () => expect(hex(new Message().int(1, 150))).toBe('089601'));
test('text', () => expect(hex(new Message().text(2, 'testing'))).toBe('120774657374696e67'));
test('a message inside', () =>
  expect(hex(new Message().message(3, new Message().int(1, 150)))).toBe('1a03089601'));
test('large bytes, at any depth, around small ones', () => {
  const large = new Uint8Array(5000).fill(7);
  const inner = new Message().int(1, 1).bytes(2, large).int(1, 2).bytes(2, large);
  const body = `0801128827${'07'.repeat(5000)}0802128827${'07'.repeat(5000)}`;
  expect(hex(inner) === body).toBe(true);
  expect(hex(new Message().int(3, 3).message(4, inner).int(3, 4)) === `1803229a4e${body}1804`).toBe(true);
});
test('text beyond ASCII is UTF-8', () => expect(hex(new Message().text(2, 'aé'))).toBe('120361c3a9'));
test('a negative number takes ten bytes', () => {
  expect(hex(new Message().int(1, -2))).toBe('08feffffffffffffffff01');
});
test('a number beyond 32 bits', () => expect(hex(new Message().int(1, 2 ** 35))).toBe('08808080808001'));
test('a fraction is little-endian', () => expect(hex(new Message().float(2, 1.5))).toBe('150000c03f'));
test('a field number beyond 15 takes two bytes', () => expect(hex(new Message().int(20, 7))).toBe('a00107'));
