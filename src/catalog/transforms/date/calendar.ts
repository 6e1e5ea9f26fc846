import type { GraphBuilder, Node } from '../../../graph/index.ts';

/** Smallest and largest value of each part, and after how many it comes round; 0: never. */
export const PARTS = {
  year: { first: 0, last: 0, period: 0 },
  month: { first: 1, last: 12, period: 12 },
  day: { first: 1, last: 31, period: 31 },
  weekday: { first: 0, last: 6, period: 7 },
  hour: { first: 0, last: 23, period: 24 },
  day_of_year: { first: 1, last: 366, period: 366 },
} as const;
export type Part = keyof typeof PARTS;

/** Half a step of float32 days around now, in hours: a time is held to the nearest such step. */
const HALF_STEP = 24 / 1024 + 1e-6;
const DAYS_TO_1970 = 719_468; // from 0000-03-01
const DAYS_IN_400_YEARS = 146_097;

/*
 * Days to year, month and day: Hinnant's `civil_from_days` (2013), whose years begin in March, so that leap
 * days come last. Written once, for numbers and for graph nodes: `div` is the whole part of a quotient of
 * whole numbers below 2^23.
 */
interface Arithmetic<T> {
  add(a: T, b: T | number): T;
  sub(a: T, b: T | number): T;
  mul(a: T, b: number): T;
  div(a: T, b: number): T;
  floor(a: T): T;
  /** a >= b ? x : y */
  least(a: T, b: number, x: T, y: T): T;
  /** 1 where a divides by b, else 0. */
  divides(a: T, b: number): T;
}

function partsOf<T>(m: Arithmetic<T>, days: T): Record<Part, T> {
  // The end of a day at float32's resolution is midnight of the next one already; within a day hours are
  // rounded likewise.
  const whole = m.floor(days);
  const hour = m.floor(m.add(m.mul(m.sub(days, whole), 24), HALF_STEP));
  const z = m.add(whole, DAYS_TO_1970);
  const era = m.div(z, DAYS_IN_400_YEARS);
  const dayOfEra = m.sub(z, m.mul(era, DAYS_IN_400_YEARS));
  const yearOfEra = m.div(
    m.sub(m.add(m.sub(dayOfEra, m.div(dayOfEra, 1460)), m.div(dayOfEra, 36_524)), m.div(dayOfEra, 146_096)),
    365,
  );
  const before = m.sub(m.add(m.mul(yearOfEra, 365), m.div(yearOfEra, 4)), m.div(yearOfEra, 100));
  const fromMarch = m.sub(dayOfEra, before);
  const marchMonth = m.div(m.add(m.mul(fromMarch, 5), 2), 153);
  const day = m.add(m.sub(fromMarch, m.div(m.add(m.mul(marchMonth, 153), 2), 5)), 1);
  const month = m.least(marchMonth, 10, m.sub(marchMonth, 9), m.add(marchMonth, 3));
  const marchYear = m.add(yearOfEra, m.mul(era, 400));
  const year = m.least(marchMonth, 10, m.add(marchYear, 1), marchYear);
  const leap = m.sub(m.add(m.divides(year, 4), m.divides(year, 400)), m.divides(year, 100));
  const dayOfYear = m.least(
    marchMonth,
    10,
    m.sub(fromMarch, 305), // from the first of January
    m.add(m.add(fromMarch, 60), leap),
  );
  const fromMonday = m.add(whole, 3); // 1970-01-01 was a Thursday
  const weekday = m.sub(fromMonday, m.mul(m.div(fromMonday, 7), 7));
  return { year, month, day, weekday, hour: m.least(hour, 24, m.sub(hour, 1), hour), day_of_year: dayOfYear };
}

const NUMBERS: Arithmetic<number> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => Math.floor(a / b),
  floor: Math.floor,
  least: (a, b, x, y) => (a >= b ? x : y),
  divides: (a, b) => (a % b === 0 ? 1 : 0),
};

/** @param days since 1970-01-01 UTC, with the time of day as a fraction */
export const calendar = (days: number): Record<Part, number> => partsOf(NUMBERS, days);

/** The same of f32 nodes. */
export function emitCalendar(g: GraphBuilder, days: Node): Record<Part, Node> {
  const floor = (a: Node): Node => {
    const cut = g.cast(g.cast(a, 'i32'), 'f32'); // towards zero
    return g.select(g.greater(cut, a), g.sub(cut, 1), cut);
  };
  // Half a unit more can't reach the next whole number, and keeps a rounded quotient from falling below its
  // own.
  const div = (a: Node, b: number): Node => floor(g.div(g.add(a, 0.5), b));
  return partsOf<Node>(
    {
      add: (a, b) => g.add(a, b),
      sub: (a, b) => g.sub(a, b),
      mul: (a, b) => g.mul(a, b),
      div,
      floor,
      least: (a, b, x, y) => g.select(g.greaterEqual(a, b), x, y),
      divides: (a, b) => g.cast(g.equal(g.mul(div(a, b), b), a), 'f32'),
    },
    days,
  );
}
