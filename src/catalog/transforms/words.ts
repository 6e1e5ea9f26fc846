/** 7000 -> "7,000", the same in every locale. */
export const thousands = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/** Four significant digits. */
export const short = (value: number): string => String(Number(value.toPrecision(4)));

export const plural = (count: number, noun: string): string =>
  `${thousands(count)} ${noun}${count === 1 ? '' : 's'}`;

export const overRows = (count: number): string => `over ${thousands(count)} training rows`;
