import { describe, test } from 'vitest';
import { surveyMode } from '../../src/engines/gpujs/modes.ts';
import { engines } from '../../src/engines/index.ts';
import { testEngine } from './engine.ts';
import { testTraining } from './training.ts';

const { available, reason } = await surveyMode('webgpu');
if (available) {
  const engine = await engines.get('gpujs')!();
  testEngine(engine, { threads: 1, mode: 'webgpu' });
  testTraining(engine, { threads: 1, mode: 'webgpu' });
} else {
  describe('gpujs webgpu', () => {
    test.skip(`not tried: ${reason}`, () => {});
  });
}
