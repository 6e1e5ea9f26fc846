export { type BalanceReport, balanceSummary } from './balance.ts';
export { applyChain, type FittedTransform } from './columns.ts';
export { emitTransforms, modelInputs, modelWidth } from './emit.ts';
export { type ColumnLook, type Look, lookAt } from './look/index.ts';
export type { Originals } from './originals.ts';
export type { Part, SharedData } from './part.ts';
export {
  closeRaw,
  dataFiles,
  fromShared,
  hasDeferred,
  openTest,
  type Prepared,
  type PreparedInput,
  prepareRows,
  readData,
  type SplitFingerprint,
  toShared,
} from './prepare.ts';
export { type BuildId, cacheOf, type DataCache } from './prepared-cache.ts';
export { type SourceRows, sourceRows } from './source-rows.ts';
