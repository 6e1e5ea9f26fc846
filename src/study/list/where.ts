import { distance } from 'fastest-levenshtein';
import { configError } from '../../errors.ts';
import type { Quantity } from '../quantities.ts';

/** One condition of `--where`: `test.accuracy > 0.97`, `status == completed`, `tag == best`. */
export interface Condition {
  readonly text: string;
  readonly quantity: string;
  readonly operator: Operator;
  readonly bound: string;
}

const numbers = {
  '<': (a: number, b: number) => a < b,
  '<=': (a: number, b: number) => a <= b,
  '>': (a: number, b: number) => a > b,
  '>=': (a: number, b: number) => a >= b,
} as const;
type Operator = keyof typeof numbers | '==' | '!=';

const FORM = /^\s*([A-Za-z_][\w.@-]*)\s*(<=|>=|==|!=|=|<|>)\s*(.*?)\s*$/s;

/** Conditions joined by `and`. @throws MlxError `usage` */
export function parseWhere(text: string): Condition[] {
  return text.split(/\s+and\s+/i).map((part) => {
    const [, quantity, operator, bound] = FORM.exec(part) ?? [];
    if (quantity === undefined || bound === undefined || bound === '')
      throw configError('usage', `--where can't be read: ${JSON.stringify(part.trim().slice(0, 80))}`, {
        help: 'write it as --where "test.accuracy > 0.97 and status == completed"',
      });
    const known = (operator === '=' ? '==' : operator) as Operator;
    const unquoted = bound.replace(/^(["'])(.*)\1$/s, '$2');
    if (known in numbers && !isNumber(unquoted) && quantity !== 'started')
      throw configError(
        'usage',
        `--where compares ${quantity} with a number, found ${JSON.stringify(bound)}`,
        {
          help: bound.endsWith('%') ? 'write 97% as 0.97' : 'text can be compared with == and != alone',
        },
      );
    return { text: part.trim(), quantity, operator: known, bound: unquoted };
  });
}

/** Whether it holds; a quantity that a run doesn't have meets nothing. */
export function meets(
  { quantity, operator, bound }: Condition,
  values: Readonly<Record<string, Quantity>>,
  tags: readonly string[],
): boolean {
  if (quantity === 'tag') return tags.includes(bound) === (operator === '==');
  const value = values[quantity];
  if (value === undefined || value === null) return false;
  const equal = typeof value === 'number' ? value === Number(bound) : value === bound;
  if (operator === '==') return equal;
  if (operator === '!=') return !equal;
  if (typeof value === 'number') return numbers[operator](value, Number(bound));
  // Times, as ISO 8601 has them, are in the order of their text.
  const order = value < bound ? -1 : value > bound ? 1 : 0;
  return numbers[operator](order, 0);
}

/** @throws MlxError `unknown-quantity` for a name that no run has, with the one that may be meant */
export function checkQuantity(name: string, known: ReadonlySet<string>, option: string): void {
  if (known.has(name) || known.size === 0) return;
  const text = name.slice(0, 100);
  const closest = [...known].map((k) => [distance(text, k), k] as const).sort(([a], [b]) => a - b)[0]!;
  throw configError('unknown-quantity', `${option}: no run has ${JSON.stringify(text)}`, {
    help:
      closest[0] <= Math.max(2, text.length / 3)
        ? `write \`${closest[1]}\``
        : `there are ${[...known].join(', ')}`,
  });
}

const isNumber = (text: string): boolean => text !== '' && Number.isFinite(Number(text));
