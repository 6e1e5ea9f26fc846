import { holds, parseExpectation } from '../catalog/expectation.ts';

/** One line of `expect:` against what was measured. */
export interface CheckedExpectation {
  readonly text: string;
  readonly passed: boolean;
  /** null where the quantity is undefined; that passes nothing. */
  readonly found: number | null;
}

/**
 * Those that need no baseline run: the others are for `mlx check-run`.
 * @param values by split and metric, `test.accuracy`
 * @throws Misfit for a text that can't be read
 */
export function checkExpectations(
  texts: readonly string[],
  values: Readonly<Record<string, number>>,
): CheckedExpectation[] {
  return texts.flatMap((text) => {
    const expectation = parseExpectation(text);
    const { quantity, baseline } = expectation;
    if (baseline !== undefined) return [];
    const found = Object.hasOwn(values, quantity) ? values[quantity]! : null;
    return [{ text, passed: holds(expectation, values), found }];
  });
}
