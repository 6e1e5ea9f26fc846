export { type Checkpoint, readCheckpoint } from './checkpoint.ts';
export { findRun, listRuns, type RunPlace } from './find-run.ts';
export { configHash, isLock, type Lock, type LockInput, makeLock, planHash } from './lock.ts';
export type { PredictionColumns, PredictionRow } from './predictions.ts';
export { type RunRecord, readRun } from './reader.ts';
export { createRun, type NewRun, openRun, type RunFolder } from './run-folder.ts';
