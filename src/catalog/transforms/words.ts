import { thousands } from '../../base/words.ts';

/** Four significant digits. */
export const short = (value: number): string => String(Number(value.toPrecision(4)));

export const overRows = (count: number): string => `over ${thousands(count)} training rows`;
