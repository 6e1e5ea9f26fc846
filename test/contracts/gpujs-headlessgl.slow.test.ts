import { describe, test } from 'vitest';
import { surveyMode } from '../../src/engines/gpujs/modes.ts';
import { engines } from '../../src/engines/index.ts';
import { testEngine } from './engine.ts';
import { testTraining } from './training.ts';

const { available, reason } = await surveyMode('headlessgl');
if (available) {
  const engine = await engines.get('gpujs')!();
  testEngine(engine, { threads: 1, mode: 'headlessgl' });
  testTraining(engine, { threads: 1, mode: 'headlessgl' });
} else {
  describe('gpujs headlessgl', () => {
    test.skip(`not tried: ${reason}`, () => {});
  });
}
