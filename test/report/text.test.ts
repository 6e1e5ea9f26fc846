import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeText } from '../../src/report/escape.ts';
import {
  clock,
  compact,
  count,
  engineLabel,
  metric,
  runId,
  seconds,
  short,
} from '../../src/report/format.ts';
import { padStart, textWidth, truncate } from '../../src/report/width.ts';

describe('escapeText', () => {
  it('shows control, C1 and bidirectional characters', () => {
    expect(escapeText('a\x1b[31mb')).toBe('a\\x1b[31mb');
    expect(escapeText('a\nb\tc\r')).toBe('a\\nb\\tc\\r');
    expect(escapeText('\x9b2J\x7f')).toBe('\\x9b2J\\x7f');
    expect(escapeText('abc\u202etxt\u2066')).toBe('abc\\u202etxt\\u2066');
    expect(escapeText('\ud800')).toBe('\\ud800');
  });

  it('leaves letters of every script and emoji alone', () => {
    for (const text of ['Größe', '数字', 'می\u200cروم', '😀', 'a→b']) expect(escapeText(text)).toBe(text);
  });

  it('never lets a control character through', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(0x3fff)), (codes) => {
        const text = String.fromCharCode(...codes);
        expect(escapeText(text)).not.toMatch(/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u);
      }),
    );
  });
});

describe('numbers', () => {
  it('writes metrics with four decimals, small and large ones with exponents', () => {
    expect([0.98716, 2.3, 0, 12.3456, 123.456, 1234.5].map(metric)).toEqual([
      '0.9872',
      '2.3000',
      '0.0000',
      '12.346',
      '123.46',
      '1234.5',
    ]);
    expect([0.00065, 123456, -0.0005].map(metric)).toEqual(['6.5e-4', '1.23e5', '-5e-4']);
    expect([null, Number.NaN, Infinity, -Infinity].map(metric)).toEqual(['n/a', 'n/a', 'inf', '-inf']);
  });

  it('writes float32 weights as they were meant', () => {
    expect([Math.fround(0.1), Math.fround(-0.1), -0, 0.00065].map((v) => short(v))).toEqual([
      '0.1',
      '-0.1',
      '0',
      '6.5e-4',
    ]);
  });

  it('groups, shortens and times', () => {
    expect([0, 999, 1000, 1_199_882].map(count)).toEqual(['0', '999', '1,000', '1,199,882']);
    expect([987, 5912, 59_120, 999_700, 1_199_882].map(compact)).toEqual([
      '987',
      '5.9k',
      '59k',
      '1M',
      '1.2M',
    ]);
    expect([7, 72, 123.4, 7387].map(clock)).toEqual(['0:07', '1:12', '2:03', '2:03:07']);
    expect([0, 0.0042, 0.42, 10.12, 125].map(seconds)).toEqual(['0.0ms', '4.2ms', '0.42s', '10.1s', '2:05']);
  });

  it('takes the run id from a path of either kind', () => {
    expect(runId('experiments/mnist-cnn/7f3a')).toBe('7f3a');
    expect(runId('experiments\\mnist-cnn\\7f3a')).toBe('7f3a');
  });
});

describe('width', () => {
  it('counts cells', () => {
    expect(textWidth('abc')).toBe(3);
    expect(textWidth('数字')).toBe(4);
    expect(textWidth('e\u0301')).toBe(1);
    expect(padStart('数', 4)).toBe('  数');
  });

  it('never cuts to more than it is told', () => {
    expect(truncate('abcdef', 4)).toBe('abc…');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(20), (text, width) => {
        expect(textWidth(truncate(text, width))).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('engineLabel', () => {
  const info = { type: 'gpujs', provider: 'webgpu', threads: 1, version: '2', options: {} };
  it('names threads on the CPU and the device elsewhere', () => {
    expect(engineLabel({ ...info, provider: 'webasm', threads: 2 })).toBe('gpujs webasm×2');
    expect(engineLabel({ ...info, provider: '' })).toBe('gpujs');
    const h100 = { device: 'NVIDIA H100', hardware: true };
    expect(engineLabel({ ...info, options: h100 })).toBe('gpujs webgpu (NVIDIA H100)');
  });
  it('says where software plays a GPU, and trusts no driver’s text', () => {
    const odd = { device: `Swift\x1b[31m${'x'.repeat(60)}`, hardware: false };
    expect(engineLabel({ ...info, options: odd })).toMatch(/^gpujs webgpu \(Swift\\x1b\[31mx+…, software\)$/);
  });
});
