export { writeAtomically } from './atomic.ts';
export { type RunBrief, readBrief } from './brief.ts';
export { type Checkpoint, readCheckpoint } from './checkpoint.ts';
export { cpuClass } from './cpu-class.ts';
export { csvCell, csvQuoted, parseCsv } from './csv.ts';
export { readExhibits } from './exhibits.ts';
export { type Explanations, readExplanations, writeExplanation } from './explain-folder.ts';
export { findGroup, findRun, groupOf, listGroups, listRuns, memberId, type RunPlace } from './find-run.ts';
export {
  createGroup,
  type GroupFolder,
  type GroupManifest,
  type GroupRecord,
  memberFolder,
  openGroup,
  readGroup,
} from './group-folder.ts';
export { type Lease, readLease, takeLease } from './lease.ts';
export { findLeftovers } from './leftovers.ts';
export { configHash, isLock, type Lock, type LockInput, makeLock, planHash, stateHash } from './lock.ts';
export { cpuModel, recordedCpuClass } from './machine.ts';
export { FILES } from './names.ts';
export type { PredictionColumns, PredictionRow } from './predictions.ts';
export { type RunRecord, readRun } from './reader.ts';
export { createRun, type NewRun, openRun, type RunFolder } from './run-folder.ts';
export { decode as decodeTensors, type ShapedTensors } from './safetensors.ts';
export { readTags, type Tags, writeTags } from './tags.ts';
export { countLook } from './test-looks.ts';
export { discard, discardLeftover, emptyTrash, sizeOf } from './trash.ts';
export { type Versions, versions } from './versions.ts';
