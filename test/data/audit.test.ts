import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normal, streamKey, uniform } from '../../src/base/random.ts';
import { audits } from '../../src/catalog/audits/index.ts';
import type { Config, SplitConfig } from '../../src/config/config.ts';
import { auditRows } from '../../src/data/audit.ts';
import { splitRows } from '../../src/data/split.ts';
import { withTrainingLevels } from '../../src/data/training-levels.ts';
import { read } from '../readers/table/helpers.ts';
import { splitConfig } from './split-config.ts';

const SPLIT = splitConfig({ train: 0.7, test: 0.3 });

interface Asked {
  readonly task?: 'classification' | 'regression';
  readonly split?: Partial<SplitConfig>;
  readonly audit?: Config['data']['audit'];
  readonly columns?: Record<string, 'category' | 'number' | 'date'>;
}

/** The audit of a table whose target is `y`. */
async function audit(rows: readonly Readonly<Record<string, unknown>>[], asked: Asked = {}) {
  const { task = 'classification', split: how = {}, audit: levels = {}, columns = {} } = asked;
  const split = { ...SPLIT, ...how };
  const names = Object.keys(rows[0]!);
  const text = [names.join(','), ...rows.map((row) => names.map((name) => row[name] ?? '').join(','))].join(
    '\n',
  );
  const use = split.type === 'random' || split.type === 'k_fold' ? undefined : split.type;
  const raw = await read(`${text}\n`, {
    task,
    table: { rows: [], columns, ...(use && { key: { use, column: split.column } }) },
  });
  const config = { seed: 7, task, data: { target: 'y', split, audit: levels } } as unknown as Config;
  const parts = splitRows(raw, split, 7);
  return auditRows(config, [withTrainingLevels(raw, parts.train)], parts).findings;
}

const key = streamKey(11, 'test/audit');
/** A healthy table: three measurements that overlap between two classes, one category. */
const healthy = (count = 300) =>
  Array.from({ length: count }, (_, i) => {
    const y = uniform(key, 10 * i) < 0.4 ? 'yes' : 'no';
    const shift = y === 'yes' ? 0.8 : 0;
    const noise = (k: number) => (normal(key, 10 * i + k) + shift).toFixed(3);
    return { a: noise(1), b: noise(2), c: noise(3), color: ['red', 'green', 'blue'][i % 3], y };
  });
const checks = (findings: readonly { check: string }[]) => findings.map(({ check }) => check);

describe('planted leaks', () => {
  it('nothing in a healthy table', async () => {
    expect(await audit(healthy())).toEqual([]);
    const numbers = healthy().map(({ y: _, ...row }, i) => ({
      ...row,
      y: Number(row.a) + normal(key, 9000 + i),
    }));
    expect(await audit(numbers, { task: 'regression' })).toEqual([]);
  });

  it('duplicates: rows that stand in the file twice, with their numbers', async () => {
    const rows = healthy();
    const findings = await audit([...rows, ...rows.slice(0, 60)]);
    expect(checks(findings)).toEqual(['duplicates']);
    const [{ message, notes, values }] = findings as [(typeof findings)[0]];
    expect(message).toMatch(/^\d+ of 108 test rows \(\d+\.\d%\) equal a training row/);
    expect(values['rows']).toBeGreaterThan(10);
    const [, test, train] = /row (\d+) of test equals row (\d+) of train/.exec(notes[0]!)!.map(Number);
    const at = (row: number) => [...rows, ...rows.slice(0, 60)][row - 1];
    expect(at(test!)).toEqual(at(train!));
  });

  it('duplicates: with another target than their twin', async () => {
    const rows = healthy();
    const turned = rows.slice(0, 60).map((row) => ({ ...row, y: row.y === 'yes' ? 'no' : 'yes' }));
    const [found] = await audit([...rows, ...turned]);
    expect(found!.check).toBe('duplicates');
    expect(found!.values['other_target']).toBe(found!.values['rows']);
  });

  it('duplicates: not where so few values make them by chance', async () => {
    const coarse = Array.from({ length: 400 }, (_, i) => ({
      a: Math.floor(4 * uniform(key, 3 * i)),
      b: Math.floor(3 * uniform(key, 3 * i + 1)),
      y: uniform(key, 3 * i + 2) < 0.5 ? 'yes' : 'no',
    }));
    expect(await audit(coarse)).toEqual([]);
  });

  it('near duplicates: copies with a little noise', async () => {
    const rows = healthy();
    const near = rows
      .slice(0, 60)
      .map((row, i) => ({ ...row, a: (Number(row.a) + 0.002 * (1 + (i % 3))).toFixed(3) }));
    const findings = await audit([...rows, ...near]);
    expect(checks(findings)).toEqual(['near_duplicates']);
    expect(findings[0]!.values['rows']).toBeGreaterThan(10);
  });

  it('groups: patients with rows on both sides; none where the split keeps them together', async () => {
    const rows = healthy().map((row, i) => ({ ...row, patient_id: 1000 + ((i * 37) % 75) }));
    const findings = await audit(rows);
    expect(checks(findings)).toEqual(['groups']);
    expect(findings[0]).toMatchObject({
      column: 'patient_id',
      help: 'split: { type: group, column: patient_id }',
    });
    expect(await audit(rows, { split: { type: 'group', column: 'patient_id' } })).toEqual([]);
    const coded = healthy().map((row, i) => ({ ...row, who: `P-${100 + ((i * 37) % 75)}` }));
    expect(checks(await audit(coded))).toEqual(['groups']);
  });

  it('single_feature: a consequence of the target', async () => {
    const rows = healthy().map((row, i) => ({
      ...row,
      refund: row.y === 'yes' ? 1 + uniform(key, 70_000 + i) : 0.5 * uniform(key, i),
    }));
    const findings = await audit(rows);
    expect(checks(findings)).toEqual(['single_feature']);
    expect(findings[0]!.column).toBe('refund');
    const numbers = healthy().map(({ y: _, ...row }, i) => {
      const y = 20 * uniform(key, 50_000 + i);
      return { ...row, cents: 100 * Math.sin(y / 14) + 0.5 * normal(key, i), y };
    });
    expect(checks(await audit(numbers, { task: 'regression' }))).toEqual(['single_feature']);
  });

  it('identifiers: numbers that count rows, keys, names of rows', async () => {
    const rows = healthy().map((row, i) => ({
      ...row,
      no: i + 1,
      account_key: (i * 7919) % 10_007,
      tag: `t${i}x`,
    }));
    const findings = await audit(rows, { columns: { tag: 'category' } });
    expect(checks(findings)).toEqual(['identifiers', 'identifiers', 'identifiers']);
    expect(findings.map(({ column }) => column)).toEqual(['no', 'account_key', 'tag']);
    expect(findings[0]!.help).toContain('- drop: [no]');
  });

  it('time: a target that drifts under a random split; not under one by time', async () => {
    const day = (i: number) => new Date(Date.UTC(2020, 0, 1 + i)).toISOString().slice(0, 10);
    const rows = healthy().map(({ y: _, ...row }, i) => ({
      ...row,
      day: day(i),
      y: i / 50 + normal(key, i + 9000),
    }));
    const findings = await audit(rows, { task: 'regression' });
    expect(checks(findings)).toEqual(['time']);
    expect(findings[0]!.help).toContain('type: time, column: day');
    expect(await audit(rows, { task: 'regression', split: { type: 'time', column: 'day' } })).toEqual([]);
    const steady = rows.map((row, i) => ({ ...row, y: normal(key, i + 9000) }));
    expect(await audit(steady, { task: 'regression' })).toEqual([]);
  });

  it('time: a fixed split that trains on rows later than the first of the test', async () => {
    const day = (i: number) => new Date(Date.UTC(2020, 0, 1 + i)).toISOString().slice(0, 10);
    const rows = healthy().map((row, i) => ({ ...row, day: day(i), part: i % 4 === 0 ? 'test' : 'train' }));
    const split = { type: 'fixed', column: 'part', train: null, test: null } as const;
    const findings = await audit(rows, { split });
    expect(checks(findings)).toEqual(['time']);
    expect(findings[0]!.message).toContain('are not earlier by `day` than the first test row');
    const ordered = rows.map((row, i) => ({ ...row, part: i < 200 ? 'train' : 'test' }));
    expect(await audit(ordered, { split })).toEqual([]);
  });

  it('target_copy: fails by default, for codes of classes and for monotone functions', async () => {
    const coded = healthy().map((row) => ({ ...row, code: row.y === 'yes' ? 7 : 3 }));
    const findings = await audit(coded);
    expect(findings.map(({ check, level, column }) => [check, level, column])).toEqual([
      ['target_copy', 'fail', 'code'],
    ]);
    const dollars = healthy().map(({ y: _, ...row }, i) => {
      const y = 20 * uniform(key, 50_000 + i);
      return { ...row, log_price: -Math.log(1 + y), y };
    });
    expect(checks(await audit(dollars, { task: 'regression' }))).toEqual(['target_copy']);
  });

  it('class_coverage: a class that the test part lacks', async () => {
    const rows = healthy().map((row, i) => ({
      ...row,
      y: i === 0 ? 'rare' : row.y,
      part: i % 4 === 3 ? 'test' : 'train',
    }));
    const split = { type: 'fixed', column: 'part', train: null, test: null } as const;
    const findings = await audit(rows, { split });
    expect(findings.map(({ check, message }) => [check, message])).toEqual([
      ['class_coverage', 'test has no row of class rare'],
    ]);
  });
});

describe('levels', () => {
  it('off, warn and fail are the config’s', async () => {
    const rows = healthy().map((row, i) => ({ ...row, no: i + 1, code: row.y === 'yes' ? 7 : 3 }));
    const found = await audit(rows, {
      audit: { identifiers: 'fail', target_copy: 'off', single_feature: 'off' },
    });
    expect(found.map(({ check, level }) => [check, level])).toEqual([['identifiers', 'fail']]);
  });
});

describe('what may be looked at', () => {
  // Targets of the other parts are counted by class_coverage and compared by duplicates; no other check may see them.
  it('other targets than those of training rows change nothing', async () => {
    const rows = healthy(120).map((row, i) => ({
      ...row,
      day: `2020-01-${String(1 + (i % 28)).padStart(2, '0')}`,
      part: i % 3 === 0 ? 'test' : 'train',
    }));
    const split = { type: 'fixed', column: 'part', train: null, test: null } as const;
    const levels = { duplicates: 'off', class_coverage: 'off' } as const;
    const before = await audit(rows, { split, audit: levels });
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.constantFrom('yes', 'no')), async (labels) => {
        const changed = rows.map((row) => (row.part === 'test' ? { ...row, y: labels.next().value } : row));
        expect(await audit(changed, { split, audit: levels })).toEqual(before);
      }),
      { numRuns: 5 },
    );
  });

  it('every check has a line of help', () => {
    expect([...audits.keys()]).toEqual([
      'target_copy',
      'single_feature',
      'identifiers',
      'duplicates',
      'near_duplicates',
      'groups',
      'time',
      'class_coverage',
    ]);
    for (const { help } of audits.values()) expect(help.length).toBeGreaterThan(20);
  });
});
