import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findGroup, groupOf, listRuns, readBrief } from '../../src/record/index.ts';
import { groupDetails } from '../../src/report/group.ts';
import { groupPage } from '../../src/report/group-page/index.ts';
import { listLines } from '../../src/report/runs.ts';
import { compareGroups, type GroupDifference, groupsAmong } from '../../src/study/groups/compare.ts';
import { readFolds } from '../../src/study/groups/k-fold/out-of-fold.ts';
import { pooledOf } from '../../src/study/groups/k-fold/pooled.ts';
import { OVER_SEEDS, summarize } from '../../src/study/groups/means.ts';
import { readGroupResult } from '../../src/study/groups/open.ts';
import { listExperiments } from '../../src/study/list/list.ts';
import { makeRun, result, scratch, startedLine } from './folders.ts';

const manifest = (more: object = {}) =>
  JSON.stringify({
    format: 1,
    kind: 'seeds',
    started: '2026-01-01T00:00:00.000Z',
    config: { file: 'x.yaml', sha256: 'aa' },
    members: ['1', '2', '3'],
    ...more,
  });
const lock = (test = 'bb') =>
  JSON.stringify({
    data: { files: [{ name: 'x', sha256: 'aa' }], splits: { test: { count: 9, sha256: test } } },
  });

/** A group with a run for each accuracy; null: one that died. */
function makeGroup(
  root: string,
  id: string,
  accuracies: readonly (number | null)[],
  files: Record<string, string> = {},
) {
  const runs = accuracies.map((accuracy, i) =>
    makeRun(root, 'pets', `${id}-${i + 1}`, {
      'events.ndjson': startedLine('2026-01-01T00:00:01.000Z'),
      'lock.json': lock(files['test'] ?? 'bb'),
      ...(accuracy !== null && { 'result.json': JSON.stringify(result(accuracy)) }),
    }),
  );
  const { test: _, ...more } = files;
  const group = makeRun(root, 'pets', id, {
    'group.json': manifest(),
    'config.resolved.yaml': `name: pets\nrate: ${id}\n`,
    ...more,
  });
  return { group, runs };
}
const QUERY = { where: [], sort: [] };

describe('a group of runs', () => {
  it('is no run, and its runs know it', async () => {
    const root = scratch();
    const { group, runs } = makeGroup(root, 'aaaa', [0.9, 0.8, 0.85]);
    makeRun(root, 'pets', 'bbbb-1', {});
    expect((await listRuns(root)).map(({ id }) => id)).toEqual(['aaaa-1', 'aaaa-2', 'aaaa-3', 'bbbb-1']);
    expect(await findGroup(root, 'aaaa')).toBe(group);
    expect(await findGroup(root, 'pets/aaaa')).toBe(group);
    expect(await findGroup(root, `${group}/`)).toBe(group);
    for (const other of ['aaaa-1', 'cccc', '', '\0', 'x'.repeat(5000)])
      expect(await findGroup(root, other)).toBeUndefined();
    expect(groupOf(runs[0]!)).toBe(group);
    expect(groupOf(join(root, 'pets', 'bbbb-1'))).toBeUndefined();
  });

  it('without a result says what its runs tell by now', () => {
    const root = scratch();
    const { group } = makeGroup(root, 'aaaa', [0.9, 0.8, null]);
    const found = readGroupResult(group);
    expect(found).toMatchObject({ status: 'died', result: { completed: 2, runs: 3 } });
    expect(found.result.metrics.test!['accuracy']!.values).toEqual([0.9, 0.8, null]);
  });

  it('is one line of a list; where its folder is gone, its runs are runs again', async () => {
    const root = scratch();
    const { group } = makeGroup(root, 'aaaa', [0.9, 0.8, 0.7]);
    const rows = await listExperiments(root, QUERY);
    expect(rows.map(({ run }) => run.id)).toEqual(['aaaa']);
    expect(rows[0]!.values['test.accuracy']).toBeCloseTo(0.8, 12);
    expect(listLines(rows, []).at(-1)).toMatch(/† pets\/aaaa {2}died .* 3 of 3 seeds/);
    expect(await listExperiments(root, { ...QUERY, members: true })).toHaveLength(4);
    rmSync(group, { recursive: true });
    expect(await listExperiments(root, QUERY)).toHaveLength(3);
  });

  const whole = (accuracies: readonly number[]) =>
    summarize(
      accuracies.map((accuracy, i) => ({
        label: `seed ${i}`,
        run: `r${i}`,
        brief: {
          ...{
            name: 'pets',
            id: `r${i}`,
            folder: '',
            status: 'completed' as const,
            tags: [],
            note: '',
            problems: [],
          },
          result: result(accuracy),
        },
      })),
      { kind: 'seeds', interval: OVER_SEEDS, expect: [], interrupted: false },
    );

  const hostile: [string, Record<string, string>][] = [
    ['no JSON as result', { 'result.json': '{"sta' }],
    ['an array as result', { 'result.json': '[]' }],
    ['null as result', { 'result.json': 'null' }],
    ['another kind of result', { 'result.json': JSON.stringify(result(0.9)) }],
    [
      'values that are no list',
      {
        'result.json': JSON.stringify({
          ...whole([0.9, 0.8]),
          metrics: { test: { x: { value: 1, values: 'abc' } } },
        }),
      },
    ],
    [
      'fewer values than runs',
      {
        'result.json': JSON.stringify({
          ...whole([0.9, 0.8]),
          metrics: { test: { x: { value: 1, values: [1] } } },
        }),
      },
    ],
    ['members that are none', { 'result.json': JSON.stringify({ ...whole([0.9, 0.8]), members: [null] }) }],
    ['a final that is none', { 'result.json': JSON.stringify({ ...whole([0.9, 0.8]), final: 7 }) }],
    [
      'a curve that is none',
      {
        'result.json': JSON.stringify({
          ...whole([0.9, 0.8]),
          kind: 'learning_curve',
          curve: { points: 1 },
        }),
      },
    ],
    [
      'a confusion matrix that is none',
      {
        'result.json': JSON.stringify({
          ...whole([0.9, 0.8]),
          confusion: { classes: ['a'], counts: [['x']] },
        }),
      },
    ],
    [
      'classes that are none',
      { 'result.json': JSON.stringify({ ...whole([0.9, 0.8]), per_class: [{ class: 'a' }] }) },
    ],
    [
      'simple models that are none',
      { 'result.json': JSON.stringify({ ...whole([0.9, 0.8]), baselines: { text: 1 } }) },
    ],
    ['no JSON as group.json', { 'group.json': '{' }],
    ['null as group.json', { 'group.json': 'null' }],
    ['members that lead elsewhere', { 'group.json': manifest({ members: ['../../../etc'] }) }],
    ['no members', { 'group.json': manifest({ members: [] }) }],
    ['a torn config', { 'config.resolved.yaml': '{' }],
  ];
  it.each(hostile)('with %s is told as damaged, and nothing ends for it', async (_, files) => {
    const root = scratch();
    const { group } = makeGroup(root, 'aaaa', [0.9, 0.8, 0.7], files);
    makeGroup(root, 'bbbb', [0.9, 0.8, 0.7]);
    const found = readGroupResult(group);
    const lines = groupDetails('experiments/pets/aaaa', found.status, found.record, found.result);
    expect(lines.join('\n')).not.toMatch(/undefined|NaN|\[object/);
    expect(groupPage(found)).not.toMatch(/undefined|NaN|\[object/);
    expect(listLines(await listExperiments(root, QUERY), []).join('\n')).toContain('pets/bbbb');
    const compared = await compareGroups([group, join(root, 'pets', 'bbbb')]);
    expect(compared.verdicts).toHaveLength(1);
  });

  it('with texts that steer a terminal shows them escaped', () => {
    const root = scratch();
    const evil = whole([0.9, 0.8]);
    const text = 'x\u001b[31m\u202e';
    const members = evil.members.map((m) => ({
      ...m,
      label: text,
      status: 'failed',
      error: { code: text, message: text },
    }));
    const { group } = makeGroup(root, 'aaaa', [0.9, 0.8], {
      'result.json': JSON.stringify({ ...evil, kind: text, members, interval: { ...evil.interval, text } }),
    });
    const { record, status, result: found } = readGroupResult(group);
    const shown = groupDetails(`experiments/pets/${text}`, status, record, found).join('\n');
    for (const control of ['\u001b', '\u202e']) expect(shown).not.toContain(control);
  });
});

/** Three folds of 20 rows each, whose every `wrong`th is taken for the other class. */
function makeFolds(root: string, id: string, wrong: number, files: Record<string, string> = {}) {
  const classes = ['a', 'b'];
  const { group: more = '{}', head = 'id,truth,prediction,score_b,loss', ...own } = files;
  const runs = [0, 1, 2].map((fold) => {
    const rows = Array.from({ length: 20 }, (_, i) => {
      const [truth, right] = [i % 2, i % wrong !== 0];
      const score = truth === (right ? 1 : 0) ? 0.8 - i / 100 : 0.2 + i / 100;
      return [fold + 3 * i, classes[truth], classes[right ? truth : 1 - truth], score, 1 - score];
    });
    const share = rows.filter(([, t, p]) => t === p).length / 20;
    const confusion = {
      classes,
      counts: [
        [1, 0],
        [0, 1],
      ],
    };
    return makeRun(root, 'pets', `${id}-${fold + 1}`, {
      'events.ndjson': startedLine('2026-01-01T00:00:01.000Z'),
      'lock.json': lock(`fold ${fold}`),
      'result.json': JSON.stringify(result(share, { confusion })),
      'predictions.csv': [head, ...rows.map((row) => row.join(','))].join('\n'),
      ...(fold === 1 && own),
    });
  });
  const group = makeRun(root, 'pets', id, {
    'group.json': manifest({ kind: 'k_fold', ...JSON.parse(more) }),
    'config.resolved.yaml': `name: pets\nrate: ${id}\ndata: { split: { type: k_fold, folds: 3 } }\n`,
  });
  return { group, runs };
}

describe('folds', () => {
  const outOfFold = (runs: readonly string[]) => {
    const found = readFolds(
      runs.map((run, i) => ({
        run,
        label: `fold ${i + 1}`,
        result: { confusion: { classes: ['a', 'b'], counts: [] } },
      })),
    );
    if ('missing' in found) throw new Error(found.missing);
    return found;
  };

  it('are summed up from what each said of its rows, and told apart by their spread', () => {
    const root = scratch();
    const { runs } = makeFolds(root, 'aaaa', 5);
    const outcomes = runs.map((run, i) => ({
      label: `fold ${i + 1}`,
      run,
      brief: readBrief({ name: 'pets', id: `aaaa-${i + 1}`, folder: run }),
    }));
    const interval = { method: 'corrected_resampled_t', tested: 1, trained: 2, text: '' } as const;
    const asked = { kind: 'k_fold', interval, expect: ['test.accuracy >= 0.8'], interrupted: false };
    const found = summarize(outcomes, { ...asked, pooled: pooledOf(outOfFold(runs).outOfFold) });
    expect(found.metrics.test!['accuracy']).toMatchObject({
      value: 0.8,
      deviation: expect.closeTo(0, 12),
      values: [0.8, 0.8, 0.8],
    });
    expect(found.metrics.test!['accuracy']!.interval![0]).toBeLessThan(0.8);
    expect(found.interval).toEqual({
      method: 'out_of_fold',
      examples: 60,
      text: '95% for the 3 fitted models on new examples, from 60 out-of-fold predictions; ± over folds',
    });
    expect(found.expectations).toMatchObject([{ passed: true, found: 0.8 }]);
    expect(found.confusion!.counts).toEqual([
      [24, 6],
      [6, 24],
    ]);
    const page = groupPage({
      record: { ...readGroupResult(join(root, 'pets', 'aaaa')).record, note: '<script>' },
      status: 'completed',
      result: found,
    });
    expect(page).toContain('95% for the 3 fitted models');
    expect(page).not.toContain('<script>');
    // Without the predictions there is what the runs' results tell.
    const without = summarize(outcomes, asked);
    expect(without.interval.method).toBe('corrected_resampled_t');
    expect(without.confusion).toBeUndefined();
  });

  it('make one table in the order of the rows, with the fold of each', () => {
    const { runs } = makeFolds(scratch(), 'aaaa', 5);
    const lines = outOfFold(runs).lines();
    expect(lines[0]).toBe('id,truth,prediction,score_b,loss,fold\n');
    expect(lines.slice(1).map((line) => Number(line.split(',')[0]))).toEqual(
      Array.from({ length: 60 }, (_, i) => i),
    );
    expect(lines[2]).toMatch(/,fold 2\n$/);
  });

  it('are compared row by row, with a verdict', async () => {
    const root = scratch();
    const a = makeFolds(root, 'aaaa', 2).group;
    const b = makeFolds(root, 'bbbb', 10).group;
    const found = await compareGroups([a, b]);
    expect(found.verdicts).toMatchObject([{ verdict: 'better', metric: 'test.accuracy', test: 'McNemar' }]);
    const [loss] = (found.against[0] as GroupDifference).metrics;
    expect(loss).toMatchObject({ name: 'test.loss', test: 'paired jackknife' });
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['a fold without predictions', { 'predictions.csv': 'id\n' }, /predictions\.csv differ/],
    [
      'a torn table',
      { 'predictions.csv': 'id,truth,prediction,score_b,loss\n1,a' },
      /B: predictions\.csv is dam/,
    ],
    [
      'a quote without end',
      { 'predictions.csv': 'id,truth,prediction,score_b,loss\n"1,a' },
      /B: .*has no end/,
    ],
    [
      'other rows',
      { 'predictions.csv': 'id,truth,prediction,score_b,loss\n7,a,a,0.1,0.1' },
      /their test examples differ/,
    ],
    ['other folds', { 'lock.json': lock('another') }, /their test examples differ/],
  ])('%s: not compared, with the reason', async (_, files, reason) => {
    const root = scratch();
    const a = makeFolds(root, 'aaaa', 5).group;
    const b = makeFolds(root, 'bbbb', 5, files).group;
    expect((await compareGroups([a, b])).verdicts[0]).toMatchObject({
      verdict: 'refused',
      reason: expect.stringMatching(reason),
    });
  });

  it('of rows in groups are told from the groups', () => {
    const root = scratch();
    const { runs } = makeFolds(root, 'aaaa', 5);
    for (const [fold, run] of runs.entries()) {
      const [head, ...rows] = readFileSync(join(run, 'predictions.csv'), 'utf8').split('\n');
      const grouped = rows.map((row, i) => `${row},${4 * fold + (i % 4)}`);
      writeFileSync(join(run, 'predictions.csv'), [`${head},group`, ...grouped].join('\n'));
    }
    expect(new Set(Array.from(outOfFold(runs).outOfFold.clusters!)).size).toBe(12);
  });

  it('of a version that left no losses are told but for the loss', async () => {
    const root = scratch();
    const old = (run: string) => {
      const file = join(run, 'predictions.csv');
      const lines = readFileSync(file, 'utf8').split('\n');
      writeFileSync(file, lines.map((line) => line.split(',').slice(0, 4).join(',')).join('\n'));
    };
    const [a, b] = [makeFolds(root, 'aaaa', 5), makeFolds(root, 'bbbb', 3)];
    a.runs.forEach(old);
    b.runs.forEach(old);
    expect(outOfFold(a.runs).outOfFold.losses).toBeUndefined();
    const found = await compareGroups([a.group, b.group]);
    const [first] = (found.against[0] as GroupDifference).metrics;
    expect(first!.name).toBe('test.accuracy');
  });
});

describe('groups held against each other', () => {
  it('by the spread of their runs, with a verdict', async () => {
    const root = scratch();
    const a = makeGroup(root, 'aaaa', [0.9, 0.91, 0.92]).group;
    const b = makeGroup(root, 'bbbb', [0.7, 0.71, 0.72]).group;
    const c = makeGroup(root, 'cccc', [0.905, 0.915, 0.91]).group;
    const found = await compareGroups([a, b, c]);
    expect(found.verdicts).toMatchObject([
      { group: 'B', verdict: 'worse', metric: 'test.accuracy', test: "Welch's t" },
      { group: 'C', verdict: 'no difference shown' },
    ]);
    expect(found.config.map(({ path }) => path)).toEqual(['rate']);
  });

  it.each<[string, readonly (number | null)[], Record<string, string>, RegExp]>([
    ['of other test examples', [0.9, 0.8, 0.7], { test: 'other' }, /their test examples differ/],
    [
      'of other kinds',
      [0.9, 0.8, 0.7],
      { 'group.json': manifest({ kind: 'k_fold' }) },
      /other kinds: seeds and k_fold/,
    ],
    ['of which one has a single run', [0.9, null, null], {}, /B: 1 of its runs completed/],
    ['without any spread', [0.9, 0.9, 0.9], {}, /its spread tells nothing/],
  ])('%s: refused with the reason', async (_, accuracies, files, reason) => {
    const root = scratch();
    const flat = accuracies.every((x) => x === 0.9);
    const a = makeGroup(root, 'aaaa', flat ? [0.8, 0.8, 0.8] : [0.9, 0.91, 0.92]).group;
    const b = makeGroup(root, 'bbbb', accuracies, files).group;
    expect((await compareGroups([a, b])).verdicts[0]).toMatchObject({
      verdict: 'refused',
      reason: expect.stringMatching(reason),
    });
  });

  it('one group, or a group and a run, is a mistake of usage', async () => {
    const root = scratch();
    const { group, runs } = makeGroup(root, 'aaaa', [0.9, 0.91, 0.92]);
    await expect(compareGroups([group])).rejects.toMatchObject({ code: 'usage' });
    await expect(groupsAmong(root, ['aaaa', runs[0]!])).rejects.toMatchObject({ code: 'usage' });
    expect(await groupsAmong(root, runs)).toBeUndefined();
    mkdirSync(join(root, 'empty'));
    writeFileSync(join(root, 'empty', 'x'), '');
    expect(await groupsAmong(root, ['empty'])).toBeUndefined();
  });
});
