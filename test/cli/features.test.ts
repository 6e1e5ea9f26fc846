import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { expect, it } from 'vitest';
import { mlx, readJson, runFolder, scratch } from './mlx.ts';

const wave = (i: number) => Math.abs(Math.sin(i * 12.9898 + 1) * 43758.5453) % 1;
const GOOD = ['great', 'lovely', 'fine'];
const BAD = ['dull', 'awful', 'poor'];
const FILL = ['film', 'plot', 'the', 'scene', 'acting'];
const rows = Array.from({ length: 240 }, (_, i) => {
  const yes = i % 3 === 0;
  const mood = yes ? GOOD : BAD;
  const words = [0, 1, 2, 3, 4].map(
    (k) => (k < 2 ? mood : FILL)[Math.floor(wave(i * 5 + k) * (k < 2 ? 3 : 5))],
  );
  const date = `2023-${String(1 + (i % 12)).padStart(2, '0')}-${String(1 + (i % 28)).padStart(2, '0')}`;
  return [
    i % 41 === 0 ? '' : `${words.join(' ')}.`,
    date,
    i % 13 === 0 ? '' : String(Math.round(wave(i) * 4096) / 64),
    `${'rgb'[i % 3]}${Math.floor(wave(i + 7) * 9)}`,
    i % 17 === 0 ? '' : String(Math.floor(wave(i + 99) * 4)),
    yes ? 'yes' : 'no',
  ];
});
const HEADER = ['review', 'when', 'price', 'colour', 'stars', 'label'];

const CONFIG = `name: reviews
data:
  source: { type: csv, path: reviews.csv }
  target: label
  columns: { review: text }
  features:
    - impute: { type: knn, neighbors: 3, indicators: true }
    - clip_outliers: { type: quantile, columns: [price] }
    - date: { parts: [month, weekday], cyclic: true }
    - encode: target
    - vectorize: { type: tf_idf, ngrams: [1, 2], stop_words: [the], max_features: 40 }
    - normalize: { type: quantile, columns: [stars] }
    - polynomial: { interaction_only: true, columns: [colour, stars] }
    - bin: { type: kmeans, columns: [price], bins: 4 }
    - normalize: standard
    - select: { type: mutual_information, k: 20 }
    - reduce: { type: lda }
  balance: smote
architecture:
  - dense: { units: 2 }
training: { epochs: 5 }
evaluation: { baselines: none }
`;

interface WordCounts {
  readonly words: string[];
  readonly pattern: string;
  readonly stop_words: string[];
  readonly ngrams: [number, number];
}

/** How often each word stands in a text, by what columns.json says and nothing else. */
function countsOf(text: string, { words, pattern, stop_words: stop, ngrams }: WordCounts): number[] {
  const found = (text.toLowerCase().match(new RegExp(pattern, 'gu')) ?? []).filter(
    (word) => !stop.includes(word),
  );
  const all: string[] = [];
  for (let n = ngrams[0]; n <= ngrams[1]; n++)
    for (let i = 0; i + n <= found.length; i++) all.push(found.slice(i, i + n).join(' '));
  return words.map((word) => all.filter((each) => each === word).length);
}

it('texts, dates, cross-fitted encoders and the rest: model.onnx with columns.json gives predictions.csv again', async () => {
  const folder = scratch();
  writeFileSync(join(folder, 'reviews.csv'), [HEADER, ...rows].map((row) => row.join(',')).join('\n'));
  writeFileSync(join(folder, 'reviews.yaml'), CONFIG);
  const ended = await mlx(['run', join(folder, 'reviews.yaml'), '--experiments', folder]);
  expect(ended.stderr).not.toContain('error');
  expect(ended.code).toBe(0);
  const run = runFolder(folder, 'reviews');
  const { inputs } = readJson(run, 'columns.json');
  const [, ...lines] = readFileSync(join(run, 'predictions.csv'), 'utf8').trimEnd().split('\n');
  const cells = lines.map((line) => line.split(',').slice(0, -1));
  const x = cells.flatMap(([id]) =>
    inputs.flatMap((input: WordCounts & { name: string; kind: string; levels?: string[] }) => {
      const text = rows[Number(id)]![HEADER.indexOf(input.name)]!;
      if (input.kind === 'text') return countsOf(text, input);
      if (text === '') return [Number.NaN];
      if (input.levels) return [input.levels.indexOf(text)];
      return [input.kind === 'date' ? Date.parse(`${text}T00:00:00Z`) / 86_400_000 : Number(text)];
    }),
  );
  const session = await ort.InferenceSession.create(join(run, 'model.onnx'));
  const tensor = new ort.Tensor('float32', Float32Array.from(x), [cells.length, x.length / cells.length]);
  const scores = (await session.run({ input: tensor }))['scores']!.data as Float32Array;
  cells.forEach(([, , , ...expected], i) => {
    expected.forEach((score, j) => {
      expect(Math.abs(scores[i * 2 + j]! - Number(score)), `row ${i}`).toBeLessThan(2e-4);
    });
  });
  const { steps } = readJson(run, 'features.json');
  expect(steps.map(({ step }: { step: string }) => step)).toEqual([
    'impute: knn',
    'clip_outliers: quantile',
    'date: parts',
    'encode: target',
    'vectorize: tf_idf',
    'normalize: quantile',
    'polynomial: polynomial',
    'bin: kmeans',
    'normalize: standard',
    'select: mutual_information',
    'reduce: lda',
  ]);
  expect(steps[9].facts.scores.length).toBe(steps[8].columns.length);
  expect(steps[9].columns.length).toBe(20);
  expect(steps[10]).toMatchObject({
    columns: ['lda_1'],
    facts: { explained_variance_ratio: [expect.closeTo(1, 9)] },
  });
  const result = readJson(run, 'result.json');
  expect(result.metrics.test.accuracy.value).toBeGreaterThan(0.8);
  expect(result.balance.after.yes).toBe(result.balance.after.no);
  expect(readFileSync(join(run, 'plan.txt'), 'utf8')).toMatch(
    / {2}balance: smote: no \d+, yes \d+ -> no \d+, yes \d+/,
  );
});
