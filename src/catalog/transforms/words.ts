import { plural, thousands } from '../../base/words.ts';

/** Four significant digits. */
export const short = (value: number): string => String(Number(value.toPrecision(4)));

/** A count with its noun, in groups of three digits: "7,000 rows". */
export const counted = (count: number, noun: string): string => plural(thousands(count), noun);

export const overRows = (count: number): string => `over ${thousands(count)} training rows`;
