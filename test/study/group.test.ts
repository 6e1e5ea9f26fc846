import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findGroup, groupOf, listRuns } from '../../src/record/index.ts';
import { groupDetails } from '../../src/report/group.ts';
import { listLines } from '../../src/report/runs.ts';
import { compareGroups, groupsAmong } from '../../src/study/group/compare.ts';
import { readGroupResult } from '../../src/study/group/open.ts';
import { summarize } from '../../src/study/group/summarize.ts';
import { listExperiments } from '../../src/study/list.ts';
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
      { kind: 'seeds', spread: { method: 'student' }, expect: [], interrupted: false },
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
      { 'result.json': JSON.stringify({ ...whole([0.9, 0.8]), curve: { points: 1 } }) },
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
