import { describe, expect, expectTypeOf, it } from 'vitest';
import * as z from 'zod';
import { fields } from '../../src/config/declare/fields.ts';
import type { ValueOf } from '../../src/config/declare/section.ts';
import { jsonSchema, loadConfig } from '../../src/config/index.ts';
import { LANGUAGE } from '../../src/config/language.ts';
import { configOf, sections } from '../../src/config/sections/index.ts';
import { BASE, linesIn, linesOf, writeConfig } from './helpers.ts';

// The whole of a new section: its declaration, and its line in the list.
const tasting = fields(() =>
  z.strictObject({ spoons: z.int().min(1).max(9).default(2).describe('Spoons for each taster.') }),
);
const root = configOf({ ...sections, tasting });
const language = { ...LANGUAGE, root };

const load = (more: string, set: string[] = []) =>
  loadConfig(writeConfig(`${BASE}${more}`), { set }, language);
const problems = (more: string, set: string[] = []) => linesIn(() => load(more, set));

describe('a section of one field', () => {
  it('has a type', () => {
    expectTypeOf<ValueOf<typeof root>['tasting']>().toEqualTypeOf<{ readonly spoons: number }>();
    // @ts-expect-error: the field is `spoons`
    type _ = ValueOf<typeof root>['tasting']['forks'];
  });

  it('has a default, is read, set from the command line, and frozen', () => {
    expect(load('').config).toMatchObject({ tasting: { spoons: 2 } });
    expect(load('tasting: { spoons: 3 }').config).toMatchObject({ tasting: { spoons: 3 } });
    const { config } = load('', ['tasting.spoons=4']);
    expect(config).toMatchObject({ tasting: { spoons: 4 } });
    expect(Object.isFrozen((config as unknown as ValueOf<typeof root>).tasting)).toBe(true);
  });

  it('has errors with their place and the fix, in the order of the file', () => {
    expect(problems('tasting: { spoon: 3 }\nseed: x\n')).toEqual([
      '6:12+5 unknown-key: `spoon` is not a field of tasting | rename it to `spoons`',
      '7:7+1 wrong-value: `seed` of the config: expected a whole number of at least 0, found "x"',
    ]);
    expect(problems('tasting:\n  spoons: 10\n')).toEqual([
      '7:11+2 wrong-value: `spoons` of tasting: expected a whole number from 1 to 9, found 10',
    ]);
    expect(problems('tastin: { spoons: 3 }\n')).toEqual([
      '6:1+6 unknown-key: `tastin` is not a field of a config | rename it to `tasting`',
    ]);
    expect(problems('', ['tasting.spoons=many'])).toEqual([
      '1:16+4 wrong-value: `spoons` of tasting: expected a whole number from 1 to 9, found "many"',
    ]);
  });

  it('stands in the resolved text, which loads to the same config', () => {
    const { resolved, config } = load('');
    expect(resolved).toMatch(/^tasting: \{ spoons: 2 \}$/m);
    expect(loadConfig(writeConfig(resolved), { set: [] }, language).config).toEqual(config);
  });

  it('stands in the JSON Schema', () => {
    const { properties } = jsonSchema(language) as { properties: Record<string, unknown> };
    expect(properties['tasting']).toEqual({
      type: 'object',
      properties: {
        spoons: {
          default: 2,
          description: 'Spoons for each taster.',
          type: 'integer',
          minimum: 1,
          maximum: 9,
        },
      },
      additionalProperties: false,
    });
  });

  it('is unknown where it is not declared', () => {
    expect(linesOf(`${BASE}tasting: { spoons: 3 }\n`)).toHaveLength(1);
  });
});
