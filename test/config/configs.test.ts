import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadConfig, networkOf } from '../../src/config/index.ts';
import { writeConfig } from './helpers.ts';

const folder = fileURLToPath(new URL('../../configs/', import.meta.url));
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .sort();

it('has the eleven configs', () => {
  expect(names.map((name) => name.replace('.yaml', ''))).toEqual([
    'fashion-cnn',
    'flights-delay',
    'line-regression',
    'mnist-cnn-5x5',
    'mnist-cnn',
    'mnist-logistic',
    'mnist-mlp',
    'mnist-pca-mlp',
    'movies-rating',
    'penguins',
    'perceptron',
  ]);
});

describe.each(names)('%s', (name) => {
  const loaded = loadConfig(`${folder}${name}`, { set: [] });

  it('is valid, named after its file, and names the schema', () => {
    expect(`${loaded.config.name}.yaml`).toBe(name);
    expect(loaded.text).toBe(readFileSync(`${folder}${name}`, 'utf8'));
    expect(loaded.text.split('\n')[0]).toBe('# yaml-language-server: $schema=../schema.json');
  });

  it('gives the same config from its resolved text', () => {
    const again = loadConfig(writeConfig(loaded.resolved), { set: [] });
    expect(again.config).toEqual(loaded.config);
    expect(again.resolved).toBe(loaded.resolved);
  });

  it('shows every default in the resolved text', () => {
    const { optimizer, training } = networkOf(loaded.config);
    for (const key of [...Object.keys(optimizer), ...Object.keys(training), 'stratify', 'warmup_steps'])
      expect(loaded.resolved).toContain(`${key}: `);
  });
});
