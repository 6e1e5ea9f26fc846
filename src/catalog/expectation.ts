import { Misfit } from '../base/misfit.ts';

/**
 * "test.accuracy >= 0.97", "seconds <= baseline * 1.2" (`expect`), "val_loss < 0.1" (`training.stop_when`).
 */
export interface ParsedExpectation {
  /** As in the tables it is looked up in: `test.accuracy`, `accuracy`, `val_loss`. */
  readonly quantity: string;
  readonly operator: Operator;
  /** What is compared with; where there is a baseline, what is added to it. */
  readonly bound: number;
  /** How many times the same quantity of a baseline run counts; absent where none is asked for. */
  readonly baseline?: number;
}

/** What a run costs; lower is better but for the speed. */
export const COSTS = ['parameters', 'epochs', 'seconds', 'samples_per_second', 'peak_rss_bytes'] as const;

const compare = {
  '>=': (a: number, b: number) => a >= b,
  '>': (a: number, b: number) => a > b,
  '<=': (a: number, b: number) => a <= b,
  '<': (a: number, b: number) => a < b,
  '==': (a: number, b: number) => a === b,
};
type Operator = keyof typeof compare;

const QUANTITY = /^((train|validation|test)\.)?[A-Za-z_]\w*$/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** `baseline`, `baseline - 0.005`, `baseline * 1.2`. */
const BASELINE = /^baseline\s*(?:([-+*])\s*(\S+))?$/;
const EXAMPLE = 'write it as "test.accuracy >= 0.97"';

/** @throws Misfit `expectation` naming the part that can't be read */
export function parseExpectation(text: string): ParsedExpectation {
  const shown = JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
  const fail = (message: string, help: string) => new Misfit('expectation', `${shown}: ${message}`, { help });
  const parts = /^([^<>=!≤≥]*)([<>=!≤≥]+)([^<>=!≤≥]*)$/.exec(text);
  if (!parts) throw fail('expected a quantity, a comparison and a number', EXAMPLE);
  const [quantity, operator, bound] = [parts[1]!.trim(), parts[2]!, parts[3]!.trim()];
  if (!QUANTITY.test(quantity))
    throw fail(
      `expected a quantity, found ${JSON.stringify(quantity)}`,
      'name a metric, after `train.`, `validation.` or `test.` where a split is meant',
    );
  if (!Object.hasOwn(compare, operator))
    throw fail(`\`${operator}\` is no comparison`, 'the comparisons are >=, >, <=, < and ==');
  const number = (part: string): number => {
    if (NUMBER.test(part) && Number.isFinite(Number(part))) return Number(part);
    throw fail(
      `expected a number, found ${JSON.stringify(part)}`,
      part.endsWith('%') ? 'write 97% as 0.97' : EXAMPLE,
    );
  };
  const left = { quantity, operator: operator as Operator };
  const [relative, sign, amount] = BASELINE.exec(bound) ?? [];
  if (relative === undefined) return { ...left, bound: number(bound) };
  if (sign === undefined) return { ...left, bound: 0, baseline: 1 };
  const by = number(amount!);
  return sign === '*'
    ? { ...left, bound: 0, baseline: by }
    : { ...left, bound: sign === '-' ? -by : by, baseline: 1 };
}

/**
 * Whether it holds for the values at hand; a quantity that is missing or NaN meets nothing.
 * @param reference the baseline's value, for one that asks for it
 */
export function holds(
  expectation: ParsedExpectation,
  values: Readonly<Record<string, number>>,
  reference?: number,
): boolean {
  const { quantity, operator } = expectation;
  return (
    Object.hasOwn(values, quantity) && compare[operator](values[quantity]!, limitOf(expectation, reference))
  );
}

/** The number that is compared with; NaN without the baseline's value that it needs. */
export const limitOf = ({ bound, baseline }: ParsedExpectation, reference = Number.NaN): number =>
  baseline === undefined ? bound : baseline * reference + bound;
