import { engines } from '../../src/engines/index.ts';
import { testEngine } from './engine.ts';
import { testTraining } from './training.ts';

const engine = await engines.get('onnx')!();
testEngine(engine);
testTraining(engine);
