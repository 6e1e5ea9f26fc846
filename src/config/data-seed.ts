import type { Config } from './config.ts';

/**
 * Start of the data section's random streams: runs that share it train and are tested on the same rows,
 * whatever their `seed`.
 */
export const dataSeed = ({ seed, data }: Pick<Config, 'seed' | 'data'>): number => data.seed ?? seed;
