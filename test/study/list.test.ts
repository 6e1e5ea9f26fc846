import { writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { takeLease } from '../../src/record/index.ts';
import { listCsv, listJson, listLines } from '../../src/report/runs.ts';
import { type ListQuery, listExperiments } from '../../src/study/list/list.ts';
import { epochLine, makeRun, result, scratch, startedLine } from './folders.ts';

const list = (root: string, query: Partial<ListQuery> = {}) =>
  listExperiments(root, { where: [], sort: [], ...query });
const ids = async (root: string, query: Partial<ListQuery> = {}) =>
  (await list(root, query)).map(({ run }) => run.id);

function three(): string {
  const root = scratch();
  for (const [id, accuracy, time] of [
    ['aaaa', 0.9, '2026-01-03'],
    ['bbbb', 0.98, '2026-01-01'],
    ['cccc', 0.95, '2026-01-02'],
  ] as const)
    makeRun(root, 'digits', id, {
      'result.json': JSON.stringify(result(accuracy)),
      'events.ndjson': startedLine(`${time}T10:00:00.000Z`),
      'tags.json': JSON.stringify({ format: 1, tags: id === 'cccc' ? ['best'] : [], note: '' }),
    });
  return root;
}

describe('listExperiments', () => {
  it('sorts by start, or by what is asked for', async () => {
    const root = three();
    expect(await ids(root)).toEqual(['bbbb', 'cccc', 'aaaa']);
    expect(await ids(root, { sort: ['-test.accuracy'] })).toEqual(['bbbb', 'cccc', 'aaaa']);
    expect(await ids(root, { sort: ['test.accuracy'] })).toEqual(['aaaa', 'cccc', 'bbbb']);
    expect(await ids(root, { sort: ['status,-id'] })).toEqual(['cccc', 'bbbb', 'aaaa']);
  });

  it.each([
    ['test.accuracy > 0.9', ['bbbb', 'cccc']],
    ['test.accuracy >= 0.9 and test.accuracy<0.96', ['cccc', 'aaaa']],
    ['status == completed', ['bbbb', 'cccc', 'aaaa']],
    ['status != completed', []],
    ['tag == best', ['cccc']],
    ['tag != best', ['bbbb', 'aaaa']],
    ['id == "aaaa"', ['aaaa']],
    ['started >= 2026-01-02', ['cccc', 'aaaa']],
  ])('--where %s', async (where, expected) => {
    expect(await ids(three(), { where: [where] })).toEqual(expected);
  });

  it.each([
    ['test.acuracy > 0.9', 'unknown-quantity', 'write `test.accuracy`'],
    ['test.accuracy > 97%', 'usage', 'write 97% as 0.97'],
    ['test.accuracy', 'usage', 'write it as'],
    ['; rm -rf', 'usage', 'write it as'],
  ])('refuses --where %s', async (where, code, help) => {
    await expect(list(three(), { where: [where] })).rejects.toMatchObject({
      code,
      exit: 2,
      details: { help: expect.stringContaining(help) },
    });
  });

  it('never lets one damaged folder hide another', async () => {
    const root = three();
    const damages: Record<string, string>[] = [
      { 'result.json': '{"status":' },
      { 'result.json': 'null' },
      { 'result.json': '{"status":"completed"}' },
      { 'result.json': '{"status":"completed","metrics":{"test":{"accuracy":null}}}' },
      { 'tags.json': '[]' },
      { 'events.ndjson': `${startedLine('x').slice(0, 40)}` },
      { 'events.ndjson': '\u0000\u0000' },
    ];
    damages.forEach((files, i) => {
      makeRun(root, 'damaged', `d${i}`, files);
    });
    const runs = await list(root);
    expect(runs).toHaveLength(3 + damages.length);
    const problems = (id: string) => runs.find(({ run }) => run.id === id)!.run.problems;
    expect(problems('d0')).toEqual(['result.json is damaged']);
    expect(problems('d4')).toEqual(['tags.json is damaged']);
    expect(listLines(runs, []).join('\n')).toContain('damaged/d0');
  });

  it('knows the running from the dead', async () => {
    const root = scratch();
    const log = startedLine('2026-01-01T00:00:00.000Z') + epochLine(2);
    const held = makeRun(root, 'r', 'held', { 'events.ndjson': log });
    makeRun(root, 'r', 'nobody', { 'events.ndjson': log });
    const dead = makeRun(root, 'r', 'dead', { 'events.ndjson': log });
    const lease = takeLease(held);
    const mine = JSON.parse((await import('node:fs')).readFileSync(join(held, 'lease.json'), 'utf8'));
    // The pid of a process that has ended, and one that another process has by now.
    writeFileSync(join(dead, 'lease.json'), JSON.stringify({ ...mine, pid: 2 ** 22 + 1 }));
    const again = makeRun(root, 'r', 'again', { 'events.ndjson': log });
    writeFileSync(join(again, 'lease.json'), JSON.stringify({ ...mine, started: '1' }));
    const status = async () => Object.fromEntries((await list(root)).map(({ run }) => [run.id, run.status]));
    expect(await status()).toEqual({
      held: 'running',
      nobody: 'died',
      dead: 'died',
      again: mine.started === null ? 'running' : 'died',
    });
    lease.release();
    expect((await status())['held']).toBe('died');
    expect(listLines(await list(root), []).join('\n')).toContain('2/5');
  });

  it('believes another machine by its heartbeat alone', async () => {
    const { utimesSync } = await import('node:fs');
    const root = scratch();
    const folder = makeRun(root, 'r', 'far', {
      'lease.json': JSON.stringify({ pid: 1, host: `not-${hostname()}`, boot: null, started: null }),
    });
    expect((await list(root))[0]!.run.status).toBe('running');
    utimesSync(join(folder, 'lease.json'), new Date(0), new Date(0));
    expect((await list(root))[0]!.run.status).toBe('died');
  });

  it('shows hostile names, tags and notes as text', async () => {
    const root = scratch();
    makeRun(root, 'a\u001b[31mred', 'x\u202eid', {
      'result.json': JSON.stringify(result(0.5)),
      'tags.json': JSON.stringify({ format: 1, tags: ['\u001b]0;t\u0007'], note: '=1+1' }),
    });
    const runs = await list(root);
    const text = listLines(runs, ['name']).join('\n');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(text).toContain('a\\x1b[31mred/x\\u202eid');
    expect(listCsv(runs)).toContain(",'=1+1\n");
    expect(JSON.parse(listJson(runs))).toMatchObject({ 'test.accuracy': 0.5, note: '=1+1' });
  });

  it('finds nothing where there is nothing', async () => {
    expect(await list(join(scratch(), 'none'), { where: ['test.accuracy > 1'] })).toEqual([]);
  });
});
