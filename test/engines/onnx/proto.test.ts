import { expect, test } from 'vitest';
import { Message } from '../../../src/engines/onnx/proto.ts';

const hex = (message: Message) => Buffer.from(message.finish()).toString('hex');

// The first three are the examples of protobuf's own encoding guide.
test('a number', () => expect(hex(new Message().int(1, 150))).toBe('089601'));
test('text', () => expect(hex(new Message().text(2, 'testing'))).toBe('120774657374696e67'));
test('a message inside', () =>
  expect(hex(new Message().message(3, new Message().int(1, 150)))).toBe('1a03089601'));
test('a negative number takes ten bytes', () => {
  expect(hex(new Message().int(1, -2))).toBe('08feffffffffffffffff01');
});
test('a number beyond 32 bits', () => expect(hex(new Message().int(1, 2 ** 35))).toBe('08808080808001'));
test('a fraction is little-endian', () => expect(hex(new Message().float(2, 1.5))).toBe('150000c03f'));
test('a field number beyond 15 takes two bytes', () => expect(hex(new Message().int(20, 7))).toBe('a00107'));
