import { engines } from '../../src/engines/index.ts';
import { testEngine } from './engine.ts';
import { testTraining } from './training.ts';

const engine = await engines.get('onnx')!();
for (const layout of ['portable', 'fast'] as const) {
  testEngine(engine, { threads: 1, layout });
  testTraining(engine, { threads: 2, layout });
}
