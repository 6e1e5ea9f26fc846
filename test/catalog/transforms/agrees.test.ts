import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { transforms } from '../../../src/catalog/transforms/index.ts';
import { evaluateGraph } from '../../../src/engines/reference/index.ts';
import { GraphBuilder } from '../../../src/graph/index.ts';
import type { Column } from '../../../src/readers/raw-data.ts';
import { contextOf, flat, modelInputOf, rowsOf, type Table, targetOf } from './rows.ts';

interface Case {
  kind: string;
  type: string;
  params: Record<string, unknown>;
  columns: Column[];
  train: Table;
  new: Table;
  expected: Table;
  /** Names of the columns that come out. */
  names?: string[];
  y?: number[];
  classes?: number;
  /** Columns that come out may be turned. */
  sign?: true;
  facts?: Record<string, number[]>;
  /** Of facts; 1e-6 when left out. */
  tolerance?: number;
}
const cases: Case[] = JSON.parse(
  readFileSync(new URL('../../fixtures/features.json', import.meta.url), 'utf8'),
);

/** Agreement to `tolerance` of the larger of 1 and the expected value. */
function close(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-6): void {
  expect(found.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const value = expected[i]!;
    if (Number.isNaN(value)) expect(found[i], `value ${i}`).toBeNaN();
    else
      expect(Math.abs(found[i]! - value), `value ${i}: ${found[i]} for ${value}`).toBeLessThanOrEqual(
        tolerance * Math.max(1, Math.abs(value)),
      );
  }
}

/** Each column by the sign that its largest value has in the other one. */
function turned(found: Float64Array, expected: Float64Array, width: number): Float64Array {
  const signs = Array.from({ length: width }, (_, j) => {
    let at = j;
    for (let i = j; i < expected.length; i += width)
      if (Math.abs(expected[i]!) > Math.abs(expected[at]!)) at = i;
    return Math.sign(found[at]!) === Math.sign(expected[at]!) ? 1 : -1;
  });
  return found.map((value, i) => value * signs[i % width]!);
}

describe('agrees with scikit-learn', () => {
  it.each(cases.map((each) => [`${each.kind} ${each.type} ${JSON.stringify(each.params)}`, each] as const))(
    '%s',
    (_, each) => {
      const entry = transforms.get(each.kind)!.get(each.type)!;
      const { columns } = each;
      const target = each.y && targetOf(each.y, each.classes);
      const rows = rowsOf(flat(each.train), [columns.length], { columns, target });
      const fitted = entry.fit(rows, entry.schema.parse(each.params));
      const expected = flat(each.expected);
      const found = entry.apply(fitted, flat(each.new), each.new.length, contextOf(columns));
      const width = each.expected[0]!.length;
      close(each.sign ? turned(found, expected, width) : found, expected);
      expect(fitted.shape).toEqual([width]);
      if (each.names) expect(fitted.columns?.map(({ name }) => name)).toEqual(each.names);
      for (const [name, values] of Object.entries(each.facts ?? {}))
        close(fitted.facts![name] as number[], values, each.tolerance);

      const bag = transforms.get('vectorize')!.get('bag_of_words')!;
      const x = flat(modelInputOf(fitted, each.new, columns, bag));
      const g = new GraphBuilder();
      g.output('y', entry.emit(g, g.input('x', [each.new.length, x.length / each.new.length]), fitted));
      const { y } = evaluateGraph(g.finish(), { x }, { seed: 0, counter: 0 });
      close(y as Float64Array, found, 2e-4); // constants of the graph are float32
    },
  );
});
