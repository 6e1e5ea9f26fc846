import { describe, expect, it } from 'vitest';
import { streamKey, uniform } from '../../src/base/random.ts';
import type { Config } from '../../src/config/config.ts';
import { fromShared, prepareRows, toShared } from '../../src/data/index.ts';
import type { RawData } from '../../src/readers/raw-data.ts';
import { failure } from '../readers/helpers.ts';

const key = streamKey(5, 'test/labels');
const COUNT = 120;
const LABELS = ['red', 'round', 'big'];

/** A table with made-up columns and labels; `more` are further columns by the row's labels. */
function table(
  has: (row: number, k: number) => number = (row, k) => Number(uniform(key, 3 * row + k) < 0.4),
  more: Readonly<Record<string, (labels: readonly number[], row: number) => number>> = {},
): RawData {
  const rows = Array.from({ length: COUNT }, (_, i) => LABELS.map((_, k) => has(i, k)));
  const columns = {
    u: (_: readonly number[], i: number) => uniform(key, 1000 + i),
    v: (_: readonly number[], i: number) => uniform(key, 2000 + i),
    ...more,
  };
  const x = Float32Array.from(rows.flatMap((labels, i) => Object.values(columns).map((of) => of(labels, i))));
  return {
    shape: [Object.keys(columns).length],
    count: COUNT,
    target: { kind: 'labels', labels: LABELS },
    x,
    y: Uint8Array.from(rows.flat()),
    columns: Object.keys(columns).map((name) => ({ name, kind: 'number' })),
    files: [],
  };
}

const config = (features: Config['data']['features'] = [], split: object = {}): Config =>
  ({
    seed: 3,
    task: 'multilabel_classification',
    data: {
      target: LABELS,
      seed: null,
      split: {
        type: 'random',
        column: null,
        train: 0.7,
        validation: 0.2,
        test: 0.3,
        stratify: false,
        subsample: 1,
        score_test: true,
        ...split,
      },
      features,
      audit: {},
      balance: null,
    },
  }) as unknown as Config;

describe('labels', () => {
  it('come row by row, also on the other side of a thread', () => {
    const raw = table();
    const data = prepareRows(config(), raw);
    expect(data.audit.findings).toEqual([]);
    const parts = fromShared(structuredClone(toShared(data)));
    for (const part of [data.train, data.validation, data.test, parts.train]) {
      const order = Uint32Array.from({ length: part.count }, (_, i) => part.count - 1 - i);
      const out = new Float32Array(3 * part.count);
      part.fill('y', out, order, 0, part.count);
      order.forEach((position, i) => {
        const row = part.rows[position]!;
        expect([...out.subarray(3 * i, 3 * i + 3)]).toEqual([...raw.y.subarray(3 * row, 3 * row + 3)]);
      });
    }
  });

  it('each are asked about by the audit: a copy, a column that tells one, one that a part lacks', () => {
    const copied = prepareRows(config(), table(undefined, { code: ([, round]) => 7 - 2 * round! }));
    expect(copied.audit.findings.map(({ check, message }) => [check, message])).toEqual([
      ['target_copy', '`code` is the target `round` in another form: each value stands for one class'],
    ]);
    const test = prepareRows(config(), table()).test.rows;
    const rare = table((row, k) =>
      k === 2 && test.includes(row) ? 0 : Number(uniform(key, 3 * row + k) < 0.4),
    );
    const found = prepareRows(config(), rare).audit.findings;
    expect(found.map(({ message }) => message)).toEqual(['test has no row of class big']);
  });

  it('a twin with other labels has another target', () => {
    const rows = prepareRows(config(), table());
    const [first, second] = [rows.train.rows[0]!, rows.test.rows[0]!];
    const raw = table();
    const x = raw.x as Float32Array;
    x.copyWithin(2 * second, 2 * first, 2 * first + 2);
    raw.y.set([1, 1, 1], 3 * first);
    for (const [labels, others] of [
      [[1, 1, 1], 0],
      [[1, 1, 0], 1],
    ] as const) {
      raw.y.set(labels, 3 * second);
      const [finding] = prepareRows(config(), raw).audit.findings;
      expect(finding).toMatchObject({ check: 'duplicates', values: { rows: 1, other_target: others } });
    }
  });

  it('that training never or always has can’t be learned', async () => {
    const { train } = prepareRows(config(), table());
    const inside = new Set(train.rows);
    const only = (value: number) =>
      table((row, k) =>
        k === 1 ? (inside.has(row) ? value : 1 - value) : Number(uniform(key, 3 * row + k) < 0.4),
      );
    const never = await failure(() => prepareRows(config(), only(0)));
    expect(never.message).toBe("no training row has the label round: it can't be learned");
    expect(never).toMatchObject({ code: 'label-constant', exit: 3 });
    const always = await failure(() => prepareRows(config(), only(1)));
    expect(always.message).toBe("every training row has the label round: it can't be learned");
  });

  it.each([
    ['encode', { type: 'target', smooth: 'auto', folds: 5 }],
    ['select', { type: 'mutual_information', k: 1, neighbors: 3, rows: 100 }],
    ['select', { type: 'anova_f', k: 1 }],
    ['reduce', { type: 'lda', components: 1 }],
  ])('%s: %o looks at a single target', async (kind, step) => {
    // Two levels where categories are wanted, and more rows than a level.
    const numbers = table(undefined, { level: (_, i) => i % 2 });
    const columns = numbers.columns!.map((column) =>
      column.name === 'level' ? { ...column, kind: 'category' as const, levels: ['a', 'b'] } : column,
    );
    const { message } = await failure(() =>
      prepareRows(config([{ kind, ...step }] as never), { ...numbers, columns }),
    );
    expect(message).toMatch(/looks at the target, a single one; here are 3/);
  });

  it('are divided into folds, and a share of the training rows', () => {
    const data = prepareRows(
      config([], {
        type: 'k_fold',
        train: null,
        test: null,
        folds: 3,
        fold: 2,
        shuffle: true,
        subsample: 0.5,
      }),
      table(),
    );
    expect([data.train.count, data.validation.count, data.test.count]).toEqual([32, 16, 40]);
  });
});
