import { testCases } from './recorded.ts';

testCases(true);
