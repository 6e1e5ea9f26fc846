import type { ReadOf, ValueOf } from './declare/section.ts';
import type { root } from './sections/index.ts';
import type { NETWORK } from './sections/model.ts';

type Declared = ValueOf<typeof root>;
type NetworkKey = (typeof NETWORK)[number];

/** The config of a network: architecture, loss, optimizer and schedule are there. */
export type NetworkConfig = Declared & { readonly model: null };

/** The config of a model that is no network. */
export type ModelConfig = Omit<Declared, NetworkKey | 'model'> & {
  readonly model: NonNullable<Declared['model']>;
} & { readonly [K in NetworkKey]: null };

/**
 * One value with every default in place; deep-frozen, the only form that later stages see. It is declared in
 * `sections/`.
 */
export type Config = NetworkConfig | ModelConfig;

/** What is valid of a config. */
export type ReadConfig = ReadOf<typeof root>;

export type EngineConfig = Config['engine'];
export type SplitConfig = Config['data']['split'];
export type TrainingConfig = Config['training'];
export type EarlyStopping = NonNullable<TrainingConfig['early_stopping']>;
export type TargetConfig = NonNullable<Config['data']['target']>;
