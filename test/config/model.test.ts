import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { catalog } from '../../src/catalog/entry.ts';
import { CATALOGUES } from '../../src/config/declare/catalogues.ts';
import { jsonSchema, loadConfig } from '../../src/config/index.ts';
import { LANGUAGE } from '../../src/config/language.ts';
import { BASE, linesIn, writeConfig } from './helpers.ts';
import { problem, type Schema } from './tiny-validator.ts';

const schema = z.strictObject({ neighbours: z.int().min(1).default(5) });
const models = catalog({ name: 'nearest', help: 'the classes of those nearby', schema });
const language = { ...LANGUAGE, catalogues: { ...CATALOGUES, models } };

const DATA = 'data:\n  source: { type: mnist }\n';
const load = (text: string, set: string[] = []) => loadConfig(writeConfig(text), { set }, language);
const problems = (text: string, set: string[] = []) => linesIn(() => load(text, set));

describe('model', () => {
  it('stands in place of architecture, loss, optimizer and schedule', () => {
    for (const text of ['model: nearest\n', 'model: { type: nearest }\n']) {
      const { config, resolved } = load(`${DATA}${text}`);
      expect(config).toMatchObject({
        model: { type: 'nearest', neighbours: 5 },
        architecture: null,
        loss: null,
        optimizer: null,
        schedule: null,
      });
      expect(resolved).toMatch(/^model: \{ type: nearest, neighbours: 5 \}$/m);
      expect(resolved).not.toMatch(/^(architecture|loss|optimizer|schedule):/m);
      expect(load(resolved).config).toEqual({ ...config, name: expect.anything() });
    }
    expect(load(`${DATA}model: nearest\n`, ['model.neighbours=7']).config.model).toMatchObject({
      neighbours: 7,
    });
  });

  it('is null in the config of a network, and not in its text', () => {
    const { config, resolved } = load(BASE);
    expect(config.model).toBeNull();
    expect(resolved).not.toMatch(/^model/m);
  });

  it('has no others beside it', () => {
    expect(problems(`${BASE}optimizer: adam\nmodel: nearest\n`)).toEqual([
      '3:1+12 either: `architecture` has no meaning beside `model` | remove one of them; `model` is in line 7',
      '6:1+9 either: `optimizer` has no meaning beside `model` | remove one of them; `model` is in line 7',
    ]);
    expect(problems(BASE, ['model=nearest'])).toEqual([
      '3:1+12 either: `architecture` has no meaning beside `model` | remove one of them; `model` is in line 1 of --set model=nearest',
    ]);
  });

  it('is told about where the architecture is missing', () => {
    expect(problems(DATA)).toEqual([
      '1:1+5 missing-key: `architecture` is missing | add a list of layers, e.g. `architecture: [flatten, dense: { units: 10 }]`, or a `model`',
    ]);
  });

  it('has the errors of every entry', () => {
    expect(problems(`${DATA}model: nearst\n`)).toEqual([
      '3:8+6 unknown-name: there is no model `nearst` | rename it to `nearest`',
    ]);
    expect(problems(`${DATA}model: { type: nearest, neighbors: 3 }\n`)).toEqual([
      '3:25+9 unknown-key: `neighbors` is not a field of nearest | rename it to `neighbours`',
    ]);
  });

  it('is one of two in the JSON Schema', () => {
    const whole = jsonSchema(language) as Schema;
    const data = { source: { type: 'mnist' } };
    expect(problem(whole, { data, model: 'nearest' })).toBeNull();
    expect(problem(whole, { data, architecture: ['flatten'] })).toBeNull();
    expect(problem(whole, { data })).not.toBeNull();
    expect(problem(whole, { data, model: 'nearest', loss: 'hinge' })).not.toBeNull();
    expect(problem(whole, { data, model: 'nearest', architecture: ['flatten'] })).not.toBeNull();
    expect(problem(whole, { data, model: 'farthest' })).not.toBeNull();
  });

  it('is unknown while there are no models', () => {
    const none = { ...LANGUAGE, catalogues: { ...CATALOGUES, models: new Map() } };
    const text = writeConfig(`${BASE}model: nearest\n`);
    expect(linesIn(() => loadConfig(text, { set: [] }, none))).toEqual([
      '6:1+5 unknown-key: `model` is not a field of a config | remove it: `architecture` is given as well',
    ]);
    expect(jsonSchema(none)).toMatchObject({ required: ['data', 'architecture'] });
  });
});
