import { testCases } from './recorded.ts';

testCases(false);
