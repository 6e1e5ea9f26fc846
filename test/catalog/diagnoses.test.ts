import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diagnose, type Evidence } from '../../src/catalog/diagnoses/index.ts';
import { jsonSchema } from '../../src/config/index.ts';

const evidence = (losses: number[], more: Partial<Evidence>): Evidence => ({
  gap: 'accuracy',
  history: losses.map((loss) => ({ loss, accuracy: 0.792 })),
  firstLoss: 0.7,
  peakLoss: 0.7,
  learningRate: 0.002,
  majority: 0.792,
  test: {},
  layers: [],
  gradients: { start: [], end: [] },
  ...more,
});
const names = (e: Evidence) => diagnose(e).map(({ name }) => name);

describe('underfitting', () => {
  it('is told where nothing better than a guess was learned', () => {
    expect(names(evidence([0.5111, 0.5112, 0.5111], { guessLoss: 0.5114 }))).toEqual(['underfitting']);
    expect(names(evidence([0.5111, 0.5112, 0.5111], {}))).toEqual(['underfitting']);
  });
  it('isn’t told of odds that were learned, though one class is always the likelier (flights-delay)', () => {
    expect(names(evidence([0.501, 0.4924, 0.4912], { guessLoss: 0.5114 }))).toEqual([]);
  });
});

it('what a diagnosis advises can be written in a config', () => {
  const folder = join(import.meta.dirname, '../../src/catalog/diagnoses');
  const texts = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
  const quoted = texts.join('\n').match(/'[^'\n]*`[^'\n]*'/g) ?? [];
  const names = quoted.flatMap((text) => [...text.matchAll(/`([a-z_]+)/g)].map(([, name]) => name));
  expect(names.length).toBeGreaterThan(8);
  const schema = JSON.stringify(jsonSchema());
  expect(names.filter((name) => !schema.includes(`"${name}"`))).toEqual([]);
});
