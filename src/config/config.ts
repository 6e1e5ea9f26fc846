import type { ReadOf, ValueOf } from './declare/section.ts';
import type { root } from './sections/index.ts';

export type { Task } from '../protocol/target.ts';

/** One value with every default in place; deep-frozen, the only form that later stages see. Its declaration is `sections/`. */
export type Config = ValueOf<typeof root>;

/** What is valid of a config. */
export type ReadConfig = ReadOf<typeof root>;

export type EngineConfig = Config['engine'];
export type SplitConfig = Config['data']['split'];
export type TrainingConfig = Config['training'];
export type EarlyStopping = NonNullable<TrainingConfig['early_stopping']>;
export type TargetConfig = NonNullable<Config['data']['target']>;
