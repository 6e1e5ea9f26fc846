import { engines } from '../../src/engines/index.ts';
import { testEngine } from './engine.ts';

testEngine(await engines.get('onnx')!());
