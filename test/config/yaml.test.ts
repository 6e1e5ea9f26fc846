import { describe, expect, it } from 'vitest';
import { BASE, errorsOf, linesOf, load } from './helpers.ts';

describe('text to tree', () => {
  it('accepts a byte order mark and CRLF, with the same positions', () => {
    const wrong = `${BASE}seed: -1\nlos: sparse_categorical_crossentropy\n`;
    const plain = linesOf(wrong);
    expect(plain).toHaveLength(2);
    expect(linesOf(`\ufeff${wrong}`)).toEqual(plain);
    expect(linesOf(wrong.replaceAll('\n', '\r\n'))).toEqual(plain);
    expect(linesOf(`\ufeff${wrong.replaceAll('\n', '\r\n')}`)).toEqual(plain);
    expect(load(`\ufeff${BASE}`).text).toBe(`\ufeff${BASE}`);
  });

  it('refuses text that is not UTF-8, with its place', () => {
    const bytes = Buffer.concat([Buffer.from(`${BASE}name: a`), Buffer.from([0xff, 0x0a])]);
    const [error] = errorsOf(bytes);
    expect(error?.code).toBe('encoding');
    expect(error?.details.position).toMatchObject({ line: 6, column: 8 });
  });

  it('reads YAML 1.2: yes is a text, 0o17 and 1e3 are numbers', () => {
    expect(load(`${BASE}seed: 0o17\n`).config.seed).toBe(15);
    expect(load(`${BASE}seed: 1e3\n`).config.seed).toBe(1000);
    expect(linesOf(`${BASE}training: { shuffle: yes }\n`)).toEqual([
      '6:22+3 wrong-value: `shuffle` of training: expected true or false, found "yes" | write `true`, without quotes',
    ]);
  });

  const refused: [string, string, RegExp][] = [
    ['an unknown tag', 'seed: !random 4', /6:15\+1 yaml: unknown tag `!random` \| remove the tag/],
    ['a binary tag', 'name: !!binary aGk=', /yaml: unknown tag `!!binary`/],
    [
      'a number that a double rounds',
      'seed: 9007199254740993',
      /6:7\+16 yaml: 9007199254740993 is too large/,
    ],
    ['infinity', 'seed: .inf', /6:7\+4 yaml: Infinity is no number/],
    ['a duplicate key', 'seed: 1\nseed: 2', /7:1\+4 duplicate-key: `seed` stands here twice \| .*line 6/],
    ['a second document', 'seed: 1\n---\nseed: 2', /7:1\+3 yaml: the file has more than one document/],
    ['a merge key', 'training: { <<: { epochs: 3 } }', /6:13\+2 yaml: merge keys/],
    ['a key that is a number', 'training: { 1: 2 }', /6:13\+1 yaml: keys must be plain text/],
    ['a key that is a list', '? [a]\n: 1', /yaml: keys must be plain text/],
    ['an unknown anchor', 'seed: *nobody', /6:7\+7 yaml: there is no anchor `&nobody`/],
    ['a tab', 'training:\n\tepochs: 3', /7:1\+\d+ yaml: a tab in the indentation \| indent with spaces/],
    ['an open quote', 'name: "abc', /yaml: not valid YAML: missing closing "quote/],
    ['two colons', 'seed: a: b', /yaml: not valid YAML: nested mappings/],
    ['__proto__', 'training: { __proto__: { epochs: 3 } }', /6:13\+9 yaml: `__proto__` is not allowed/],
    ['constructor', 'constructor: 1', /6:1\+11 yaml: `constructor` is not allowed/],
  ];
  it.each(refused)('refuses %s', (_, text, message) => {
    const lines = linesOf(`${BASE}${text}\n`);
    expect(lines.join('\n')).toMatch(message);
  });

  it('refuses YAML 1.1, where yes is a boolean', () => {
    expect(linesOf(`%YAML 1.1\n---\n${BASE}`)[0]).toMatch(/^1:1\+1 yaml: YAML 1.1/);
  });

  it('follows a few aliases, and stops bombs and cycles', () => {
    expect(load(`${BASE.replace('units: 10', 'units: &n 10')}seed: *n\n`).config.seed).toBe(10);
    let bomb = 'a0: &a0 [x, x]\n';
    for (let i = 1; i < 40; i++) bomb += `a${i}: &a${i} [${`*a${i - 1}, `.repeat(9)}]\n`;
    expect(linesOf(bomb).join()).toMatch(/values, aliases counted/);
    expect(linesOf('a: &a [*a]\n').join()).toMatch(/nested more than 64 levels deep/);
  });

  it.each([
    ['brackets', '['.repeat(1 << 19)],
    ['dashes', '- '.repeat(1 << 18)],
    ['question marks', '? '.repeat(1 << 18)],
    ['indentation', Array.from({ length: 1000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    ['pairs in a list', `[${'a: '.repeat(1 << 15)}]`],
  ])('survives bottomless %s', (_, text) => {
    expect(linesOf(text).join('\n')).toMatch(/yaml: (nested more than 64|not valid)/);
  });

  it('finds duplicates among many keys without comparing each with each', () => {
    const keys = Array.from({ length: 40_000 }, (_, i) => `key${i}: 1`).join('\n');
    expect(errorsOf(`key0: 2\n${keys}\n`).filter((e) => e.code === 'duplicate-key')).toHaveLength(1);
  });

  it('never repeats control characters of the file', () => {
    const text = `${BASE}"a\\e[31m\\u202e": 1\nname: "\\a\\x9b"\n`;
    for (const { message, details } of errorsOf(text))
      expect(`${message}${details.help}`).not.toMatch(/\p{Cc}|\p{Bidi_Control}/u);
    expect(errorsOf(text)).toHaveLength(2);
  });
});
