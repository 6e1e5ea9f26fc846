import { engines } from '../../src/engines/index.ts';
import { testEngine } from './engine.ts';
import { testTraining } from './training.ts';

const engine = await engines.get('gpujs')!();
testEngine(engine, { threads: 1, mode: 'webasm' });
testTraining(engine, { threads: 1, mode: 'webasm' });
