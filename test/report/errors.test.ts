import { describe, expect, it } from 'vitest';
import { configError, MlxErrors } from '../../src/errors.ts';
import { formatError } from '../../src/report/errors.ts';
import { codeFrame } from '../../src/report/frame.ts';

const FILE = `training: {}

optimizer: { type: adam, learning_rat: 0.001 }
architecture:
  - flatten
  - conv2d: { filters: 32, kernel_size: 3 }
`;
const read = (path: string) => (path === 'a.yaml' ? FILE : undefined);
const unknownKey = configError('unknown-key', '`learning_rat` is not a field of adam', {
  position: { file: 'a.yaml', line: 3, column: 26, length: 12 },
  help: 'rename it to `learning_rate`',
});
const shape = configError('shape', 'conv2d needs (height, width, channels) but gets (784)', {
  position: { file: 'a.yaml', line: 6, column: 5, length: 6 },
  notes: ['one example:  data (28, 28, 1) → flatten (784) → conv2d ✗'],
  help: 'move `flatten` below the last conv2d',
});

describe('formatError', () => {
  it('shows code, sentence, place, the text as written and help', () => {
    expect(formatError(unknownKey, read)).toBe(
      `error[unknown-key]: \`learning_rat\` is not a field of adam
  a.yaml:3:26
  3 | optimizer: { type: adam, learning_rat: 0.001 }
    |                          ^^^^^^^^^^^^
  help: rename it to \`learning_rate\``,
    );
  });

  it('shows several in the order of the file, with the line before and notes', () => {
    const lost = configError('missing', 'no data.source');
    expect(formatError(new MlxErrors([lost, shape, unknownKey]), read)).toBe(
      `${formatError(unknownKey, read)}

error[shape]: conv2d needs (height, width, channels) but gets (784)
  a.yaml:6:5
  5 |   - flatten
  6 |   - conv2d: { filters: 32, kernel_size: 3 }
    |     ^^^^^^
  one example:  data (28, 28, 1) → flatten (784) → conv2d ✗
  help: move \`flatten\` below the last conv2d

error[missing]: no data.source

3 errors`,
    );
  });

  it('names the place where the file cannot be read', () => {
    expect(formatError(unknownKey)).toBe(
      'error[unknown-key]: `learning_rat` is not a field of adam\n  a.yaml:3:26\n  help: rename it to `learning_rate`',
    );
  });

  it('writes workflow commands that nothing in a message can break out of', () => {
    const bad = configError('x', '50%\n::set-env name=a::b', {
      position: { file: 'a:b,c.yaml', line: 1, column: 2 },
    });
    expect(formatError(bad, undefined, { github: true }).split('\n').at(-1)).toBe(
      '::error file=a%3Ab%2Cc.yaml,line=1,col=2,title=mlx x::50%25%0A::set-env name=a::b',
    );
  });

  it('shows anything else as a bug of ours, with its stack', () => {
    const text = formatError(new TypeError('x is not a function'));
    expect(text.split('\n')[0]).toMatch(/^error\[internal\]: x is not a function .*bug/);
    expect(text).toMatch(/\n +at .*errors\.test/);
    expect(formatError('thrown text')).toContain('thrown text');
  });

  it('escapes what came from the file', () => {
    const text = formatError(
      configError('x', 'bad \x1b[2J', { position: { file: 'e\x07.yaml', line: 1, column: 2 }, help: 'a\nb' }),
      () => 'a\x1b\u202eb',
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\u202e]/);
    expect(text).toContain('  1 | a\\x1b\\u202eb\n    |  ^^^^\n');
    expect(text).toContain('  help: a\n        b');
  });
});

describe('codeFrame', () => {
  const frame = (text: string, column: number, length = 1) =>
    codeFrame(text, { file: 'f', line: 1, column, length });

  it('expands tabs and counts wide characters as two cells', () => {
    expect(frame('\tkey: x', 2, 3)).toEqual(['  1 |     key: x', '    |     ^^^']);
    expect(frame('数字: x', 5)).toEqual(['  1 | 数字: x', '    |       ^']);
  });

  it('marks the end of a line, an empty line, and nothing past the file', () => {
    expect(frame('abc', 4)).toEqual(['  1 | abc', '    |    ^']);
    expect(frame('', 1)).toEqual(['  1 |', '    | ^']);
    expect(codeFrame('abc', { file: 'f', line: 9, column: 1 })).toEqual([]);
  });

  it('ends the underline with the line', () => {
    expect(frame('abc', 2, 50)).toEqual(['  1 | abc', '    |  ^^']);
  });

  it('cuts a long line around the column', () => {
    const text = `${'a'.repeat(500)}WRONG${'b'.repeat(500)}`;
    const [shown, carets] = frame(text, 501, 5);
    expect(shown!.length).toBeLessThan(110);
    expect(shown!.indexOf('WRONG')).toBe(carets!.indexOf('^^^^^'));
    expect(shown).toMatch(/^ {2}1 \| …a+WRONGb+…$/);
  });
});

it('a line of a million characters is cut around the column, and the caret stays under it', () => {
  const line = `${'a'.repeat(500_000)}HERE${'b'.repeat(500_000)}`;
  const [shown, caret] = codeFrame(line, { file: 'x', line: 1, column: 500_001, length: 4 });
  expect(shown!.length).toBeLessThan(120);
  expect(shown).toMatch(/… ?a+HEREb+…$/);
  expect(caret!.slice(shown!.indexOf('HERE'))).toBe('^^^^');
});
