import { referenceEngine } from '../../src/engines/reference/index.ts';
import { testEngine } from './engine.ts';

testEngine(referenceEngine);
