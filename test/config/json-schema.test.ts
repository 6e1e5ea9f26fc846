import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CATALOGUES } from '../../src/config/declare/catalogues.ts';
import { jsonSchema, loadConfig } from '../../src/config/index.ts';
import { BASE } from './helpers.ts';
import { problem, type Schema } from './tiny-validator.ts';

const schema = jsonSchema() as Schema;
const folder = fileURLToPath(new URL('../../configs/', import.meta.url));
const names = readdirSync(folder).sort();

describe('the JSON Schema', () => {
  it('is draft 7, without definitions to resolve', () => {
    expect(schema['$schema']).toBe('http://json-schema.org/draft-07/schema#');
    expect(JSON.stringify(schema)).not.toMatch(/\$ref|\$defs|prefixItems/);
  });

  it.each(names)('accepts %s, as written and resolved', (name) => {
    expect(problem(schema, parse(readFileSync(`${folder}${name}`, 'utf8')))).toBeNull();
    expect(problem(schema, parse(loadConfig(`${folder}${name}`, { set: [] }).resolved))).toBeNull();
  });

  it.each([
    ['an unknown key', 'optimzer: adam'],
    ['an unknown layer field', 'architecture: [{ dense: { units: 3, unit: 4 } }]'],
    ['an unknown layer', 'architecture: [dens]'],
    ['a layer without its units', 'architecture: [dense]'],
    ['two layers in one', 'architecture: [{ flatten: {}, dense: { units: 3 } }]'],
    ['a foreign field', 'optimizer: { type: sgd, beta_1: 0.9 }'],
    ['a metric that is not there', 'evaluation: { metrics: [acuracy] }'],
    ['a rate of zero', 'optimizer: { type: adam, learning_rate: 0 }'],
    ['a source without type', 'data: { source: {} }'],
    ['an engine that is not there', 'engine: cudax'],
    ['a mode that is not there', 'engine: gpujs:webgl'],
  ])('refuses %s', (_, text) => {
    expect(problem(schema, { ...parse(BASE), ...parse(text) })).not.toBeNull();
  });

  it('names everything in the catalogues, with help', () => {
    const text = JSON.stringify(schema);
    const { transforms, ...kinds } = CATALOGUES;
    const entries = [...Object.values(kinds), ...transforms.values()].flatMap((map) => [...map.values()]);
    expect(entries.length).toBeGreaterThan(30);
    for (const { name, help } of entries) {
      expect(text).toContain(`"${name}"`);
      expect(text).toContain(JSON.stringify(help));
    }
  });
});
