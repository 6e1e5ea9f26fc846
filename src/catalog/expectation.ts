import { Misfit } from './entry.ts';

/** "test.accuracy >= 0.97" (`expect`), "val_loss < 0.1" (`training.stop_when`). */
export interface ParsedExpectation {
  /** As in the tables it is looked up in: `test.accuracy`, `accuracy`, `val_loss`. */
  readonly quantity: string;
  readonly operator: Operator;
  readonly bound: number;
}

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
  if (!NUMBER.test(bound) || !Number.isFinite(Number(bound)))
    throw fail(
      `expected a number, found ${JSON.stringify(bound)}`,
      bound.endsWith('%') ? 'write 97% as 0.97' : EXAMPLE,
    );
  return { quantity, operator: operator as Operator, bound: Number(bound) };
}

/** Whether it holds for the values at hand; a quantity that is missing or NaN meets nothing. */
export function holds(expectation: ParsedExpectation, values: Readonly<Record<string, number>>): boolean {
  const { quantity, operator, bound } = expectation;
  return Object.hasOwn(values, quantity) && compare[operator](values[quantity]!, bound);
}
