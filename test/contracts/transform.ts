import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, it } from 'vitest';
import { Misfit } from '../../src/base/misfit.ts';
import type { FitRows, Fitted } from '../../src/catalog/transforms/index.ts';
import { bagOfWords } from '../../src/catalog/transforms/vectorize/bag-of-words.ts';
import { exportOnnx } from '../../src/engines/onnx/index.ts';
import { evaluateGraph } from '../../src/engines/reference/index.ts';
import { BATCH, GraphBuilder } from '../../src/graph/index.ts';
import type { Column } from '../../src/readers/raw-data.ts';
import {
  type AnyTransform,
  contextOf,
  flat,
  modelInputOf,
  rowsOf,
  type Table,
  targetOf,
} from '../catalog/transforms/rows.ts';
import { graphOf, planOf } from '../engines/onnx/plans.ts';

export interface TransformCase {
  readonly params?: object;
  /** Kind of the columns that it gets. */
  readonly kind: Column['kind'];
  /** 0: a number is to be predicted. */
  readonly classes?: number;
  /** Values must be at least 0. */
  readonly counts?: true;
  /** It may refuse a feature that never changes. */
  readonly refusesConstant?: true;
  /** Random bits decide what it learns. */
  readonly drawn?: true;
}

const ROWS = 40;
/** A fixed, uneven sequence in [0, 1). */
const wave = (i: number) => (Math.sin(i * 12.9898 + 1) * 43758.5453) % 1;
const TEXTS = Array.from({ length: 12 }, (_, i) => `word${i % 5} and word${(i * 3) % 7}, then ${i}`);

/** Three columns of a kind, values that float32 holds exactly. */
function sample({ kind, counts }: TransformCase): { columns: Column[]; rows: Table; hostile: Table } {
  const columns = ['a', 'b', 'c'].map(
    (name): Column =>
      kind === 'category'
        ? { name, kind, levels: ['blue', 'green', 'red', 'grün'] }
        : kind === 'text'
          ? { name, kind, levels: TEXTS }
          : { name, kind },
  );
  const value = (i: number): number => {
    const u = Math.abs(wave(i));
    if (kind === 'category') return Math.floor(u * 4);
    if (kind === 'text') return Math.floor(u * TEXTS.length);
    if (kind === 'binary') return Number(u > 0.4);
    if (kind === 'date') return Math.floor(u * 30_000) - 5000;
    return ((counts ? 1 : wave(i) < 0 ? -1 : 1) * Math.round(u * 2048)) / 64;
  };
  const rows = Array.from({ length: ROWS }, (_, i) => [0, 1, 2].map((j) => value(3 * i + j)));
  // An unseen level or an outlier, and a value at an edge of what was seen.
  const odd = kind === 'category' ? -1 : kind === 'text' ? Number.NaN : kind === 'binary' ? 1 : 4096;
  return { columns, rows, hostile: [...rows.slice(0, 3), [odd, odd, odd], rows[ROWS - 1]!] };
}

const plain = (fitted: Fitted) =>
  JSON.stringify(fitted, (_, v) => (ArrayBuffer.isView(v) ? Array.from(v as Float64Array) : v));

/** What every transform of features has to hold to. */
export function testTransform(entry: AnyTransform, given: TransformCase): void {
  const { columns, rows, hostile } = sample(given);
  const params = entry.schema.parse(given.params ?? {});
  const y = Array.from({ length: ROWS }, (_, i) => {
    const first = rows[i]![0]!;
    return given.classes ? (i + (first > 3 ? 1 : 0)) % given.classes : first / 7 + wave(i);
  });
  const fitRows = (values: Table = rows, more: Partial<FitRows> = {}) =>
    rowsOf(flat(values), [columns.length], { columns, target: targetOf(y, given.classes), ...more });
  const learn = () => entry.fit(fitRows(), params);
  const apply = (fitted: Fitted, values: Table) =>
    entry.apply(fitted, flat(values), values.length, contextOf(columns));

  it('is deterministic, tells what it learned, and leaves its rows alone', () => {
    const before = JSON.stringify(rows);
    expect(plain(learn())).toBe(plain(learn()));
    expect(learn().summary).toMatch(/\S/);
    const values = flat(rows);
    const kept = values.slice();
    entry.apply(learn(), values, ROWS, contextOf(columns));
    expect(values).toEqual(kept);
    expect(JSON.stringify(rows)).toBe(before);
  });

  it('only draws what it learns where it says so', () => {
    const stream = { a: 7, b: 8 };
    const other = plain(entry.fit(fitRows(rows, { stream }), params));
    if (given.drawn) expect(other).not.toBe(plain(learn()));
    else expect(other).toBe(plain(learn()));
  });

  it('learns nothing from other rows than it is given', () => {
    const asked = new Set<number>();
    const source = fitRows();
    const watched: FitRows['row'] = (i, out) => {
      asked.add(i);
      source.row(i, out);
    };
    entry.fit({ ...source, row: watched }, params);
    for (const i of asked) expect(i >= 0 && i < ROWS && Number.isInteger(i)).toBe(true);
    if (entry.stateless)
      expect(plain(entry.fit(fitRows(hostile), params)).length).toBe(plain(learn()).length);
  });

  it('gives as many numbers as its shape says, none of them NaN', () => {
    const fitted = learn();
    const size = fitted.shape.reduce((a, b) => a * b, 1);
    const found = apply(fitted, hostile);
    expect(found.length).toBe(hostile.length * size);
    if (given.kind !== 'date') expect(found.findIndex(Number.isNaN)).toBe(-1);
    const known = entry.shape([columns.length], params);
    if (known) expect(fitted.shape).toEqual(known);
  });

  it('names every column that it makes, each but once', () => {
    const fitted = learn();
    if (!fitted.columns) return;
    const names = fitted.columns.map(({ name }) => name);
    expect(names.length).toBe(fitted.shape[0]);
    expect(new Set(names).size).toBe(names.length);
  });

  it('a row gives the same alone as among others', () => {
    const fitted = learn();
    const all = apply(fitted, hostile);
    const width = all.length / hostile.length;
    hostile.forEach((row, i) => {
      expect(apply(fitted, [row])).toEqual(all.slice(i * width, (i + 1) * width));
    });
  });

  it('a constant feature: numbers, or a clear refusal', () => {
    const same = rows.map(([, b, c]) => [rows[0]![0]!, b!, c!]);
    try {
      const fitted = entry.fit(fitRows(same), params);
      expect(apply(fitted, same).findIndex((v) => !Number.isFinite(v))).toBe(-1);
    } catch (error) {
      expect(given.refusesConstant && error instanceof Misfit).toBe(true);
    }
  });

  it('missing values: a rule of its own, or never asked', () => {
    if (!entry.missing) return; // data/columns.ts refuses them before
    const holes = rows.map((row, i) => row.map((value, j) => (i % 3 === j ? Number.NaN : value)));
    const fitted = entry.fit(fitRows(holes), params);
    const found = apply(fitted, holes);
    const width = found.length / ROWS;
    // NaN comes out only where it went in.
    for (let i = 0; i < ROWS; i++)
      if (!holes[i]!.some(Number.isNaN))
        expect(found.subarray(i * width, (i + 1) * width).findIndex(Number.isNaN)).toBe(-1);
    emitted(fitted, holes, found);
  });

  function emitted(fitted: Fitted, values: Table, expected: Float64Array): void {
    const x = flat(modelInputOf(fitted, values, columns, bagOfWords));
    const g = new GraphBuilder();
    const out = entry.emit(g, g.input('x', [values.length, x.length / values.length]), fitted);
    expect(out.shape).toEqual([values.length, ...fitted.shape]);
    g.output('y', out);
    near(evaluateGraph(g.finish(), { x }, { seed: 0, counter: 0 })['y'] as Float64Array, expected);
  }

  it('its graph computes the same on reference', () => {
    const fitted = learn();
    emitted(fitted, hostile, apply(fitted, hostile));
  });

  it('its graph computes the same in ONNX Runtime, for batches of any size', async () => {
    const fitted = learn();
    const x = Float32Array.from(flat(modelInputOf(fitted, hostile, columns, bagOfWords)));
    const width = x.length / hostile.length;
    const graph = graphOf((g) => {
      const out = entry.emit(g, g.input('x', [BATCH, width]), fitted);
      g.output('scores', out);
    });
    const session = await InferenceSession.create(exportOnnx(planOf({ predict: graph }, {}), new Map()));
    for (const count of [1, hostile.length]) {
      const part = x.slice(0, count * width);
      const { scores } = await session.run({ input: new Tensor('float32', part, [count, width]) });
      near(scores!.data as Float32Array, apply(fitted, hostile.slice(0, count)));
    }
  });
}

/** Constants and arithmetic of a graph are float32. */
function near(found: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(found.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    if (Number.isNaN(expected[i])) expect(found[i], `value ${i}`).toBeNaN();
    else
      expect(
        Math.abs(found[i]! - expected[i]!),
        `value ${i}: ${found[i]} for ${expected[i]}`,
      ).toBeLessThanOrEqual(5e-4 * Math.max(1, Math.abs(expected[i]!)));
  }
}
