import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { sources } from '../../src/catalog/sources/index.ts';
import { config, mlx, root, runFolder, scratch } from './mlx.ts';

/** The digits as the source has them: bytes 0 to 255. */
async function rawDigits() {
  const ctx = {
    folder: root,
    cache: scratch(),
    root,
    task: 'classification',
    numeric: false,
    seed: 42,
  } as const;
  return sources.get('mnist')!.read({}, ctx);
}

describe('model.onnx', () => {
  for (const [name, epochs] of [
    ['mnist-pca-mlp', 2],
    ['mnist-cnn', 1],
  ] as const)
    it(`of ${name} takes raw pixels and gives the scores and labels of predictions.csv, at any batch size`, async () => {
      const experiments = scratch();
      const small = [
        '--set',
        'data.split={train: 500, test: 90}',
        '--set',
        `training.epochs=${epochs}`,
        '--set',
        'expect=[]',
      ];
      const ended = await mlx(['run', config(`${name}.yaml`), ...small, '--experiments', experiments]);
      expect(ended.code).toBe(0);
      const folder = runFolder(experiments, name);
      const [, ...rows] = readFileSync(join(folder, 'predictions.csv'), 'utf8').trimEnd().split('\n');
      const digits = await rawDigits();
      const session = await ort.InferenceSession.create(join(folder, 'model.onnx'));
      expect(session.inputNames).toEqual(['input']);
      expect(session.outputNames).toEqual(['scores', 'label']);
      for (const [from, count] of [
        [0, 1],
        [1, 3],
        [4, 64],
      ] as const) {
        const batch = rows.slice(from, from + count).map((row) => row.split(',').slice(0, -1));
        const x = new Float32Array(count * 784);
        batch.forEach(([id], i) => {
          x.set(digits.x.subarray(Number(id) * 784, (Number(id) + 1) * 784), i * 784);
        });
        const outputs = await session.run({ input: new ort.Tensor('float32', x, [count, 28, 28, 1]) });
        const [scores, labels] = [outputs['scores']!.data as Float32Array, outputs['label']!.data];
        batch.forEach(([, truth, prediction, ...expected], i) => {
          expect(truth).toBe(String(digits.y[Number(batch[i]![0])]));
          expect(String(labels[i])).toBe(prediction);
          expected.forEach((score, j) => {
            expect(Math.abs(scores[i * 10 + j]! - Number(score))).toBeLessThan(2e-5);
          });
        });
      }
    });
});
