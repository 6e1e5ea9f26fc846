import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorsOf } from './helpers.ts';

const folder = fileURLToPath(new URL('../../configs/', import.meta.url));
const texts = readdirSync(folder)
  .sort()
  .map((name) => readFileSync(`${folder}${name}`, 'utf8'));

const PIECES = [
  ': ',
  '- ',
  '[',
  ']',
  '{',
  '}',
  '"',
  "'",
  '\n',
  '\n  ',
  '\t',
  '#',
  '&a ',
  '*a',
  '!!set ',
  '|',
  '>',
  '?',
  '<<: *a',
  'null',
  '~',
  '-1',
  '1e999',
  '0x10',
  '99999999999999999999',
  '.nan',
  'true',
  '__proto__: 1',
  '\u0000',
  '\ufeff',
  '🙂',
  '\r\n',
  'units: 0',
  'dense',
  '%',
  '@',
  '`',
  ',',
  '---\n',
  '...\n',
  'type: adam',
];

/** A config with pieces put in, cut out, doubled or moved. */
const mutated = fc
  .tuple(
    fc.constantFrom(...texts),
    fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        cut: fc.nat({ max: 30 }),
        put: fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 8 })),
      }),
      { minLength: 1, maxLength: 6 },
    ),
  )
  .map(([text, edits]) =>
    edits.reduce((t, { at, cut, put }) => {
      const i = Math.floor(at * t.length);
      return t.slice(0, i) + put + t.slice(i + cut);
    }, text),
  );

// Hundreds of runs on a machine that may be busy.
describe('whatever is written', { timeout: 120_000 }, () => {
  it('is accepted, or refused with places in the file', () => {
    fc.assert(
      fc.property(mutated, (text) => {
        const lines = text.split('\n').length;
        // errorsOf rethrows anything but MlxError and MlxErrors.
        for (const { details, message } of errorsOf(text)) {
          expect(message).not.toMatch(/undefined|\[object|received/);
          if (!details.position) continue;
          expect(details.position.line).toBeLessThanOrEqual(lines);
          expect(details.position.line).toBeGreaterThan(0);
          expect(details.position.column).toBeGreaterThan(0);
          expect(details.position.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 400, seed: 7 },
    );
  });

  it('as an override, too', () => {
    const override = fc.oneof(
      fc
        .tuple(
          fc.array(
            fc.constantFrom(
              'data',
              'split',
              'train',
              'architecture',
              '0',
              '1',
              'dense',
              'units',
              'optimizer',
              'type',
              '',
              'x',
            ),
            { maxLength: 5 },
          ),
          fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 8 })),
        )
        .map(([path, value]) => `${path.join('.')}=${value}`),
      fc.string({ maxLength: 12 }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.array(override, { maxLength: 3 }), (text, set) => {
        errorsOf(text, set);
      }),
      { numRuns: 200, seed: 8 },
    );
  });
});
