export type {
  Config,
  EarlyStopping,
  EngineConfig,
  ModelConfig,
  NetworkConfig,
  SplitConfig,
  TrainingConfig,
} from './config.ts';
export { dataSeed } from './data-seed.ts';
export { jsonSchema } from './json-schema.ts';
export { type LoadedConfig, type LoadOptions, loadConfig } from './load/load.ts';
export { withConfig } from './load/with-config.ts';
export { networkOf } from './network.ts';
export { contextOf } from './places.ts';
export { type FieldReference, reference } from './reference.ts';
