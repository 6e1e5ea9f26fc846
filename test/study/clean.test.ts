import { existsSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createGroup, memberId, readRun, takeLease, writeTags } from '../../src/record/index.ts';
import { cleaningLines } from '../../src/report/cleaning.ts';
import { readGroupResult } from '../../src/study/groups/open.ts';
import { cleanRuns } from '../../src/study/list/clean.ts';
import { failureOf, newRun, result, scratch, treeOf } from '../record/helpers.ts';

/** A finished run of `digits` with this accuracy and a checkpoint; its folder. */
async function run(
  root: string,
  accuracy: number,
  status: 'completed' | 'interrupted' = 'completed',
  id?: string,
) {
  const folder = await newRun(root, { id });
  await folder.checkpoint('last', new Map([['w', new Float32Array(1000)]]), {});
  await folder.result({ ...result, status, metrics: { test: { accuracy: { value: accuracy } } } });
  await folder.close();
  return folder.path;
}
/** A group with a run of each accuracy, and the result that it leaves; its folder and those of its runs. */
async function group(root: string, accuracies: readonly number[], closed = true) {
  const folder = await createGroup({
    root,
    name: 'digits',
    kind: 'seeds',
    configFile: join(root, '../digits.yaml'),
    configText: 'name: digits\n',
    resolvedText: 'name: digits\n',
    members: accuracies.map((_, i) => String(i + 1)),
  });
  const runs: string[] = [];
  for (const [i, accuracy] of accuracies.entries())
    runs.push(await run(root, accuracy, 'completed', memberId(basename(folder.path), String(i + 1))));
  if (closed) {
    folder.close();
    const { result } = readGroupResult(folder.path);
    await folder.result({ ...result, status: 'completed' });
  }
  return { folder, path: folder.path, runs };
}
const base = { where: [], checkpoints: false, yes: true };
const ids = (root: string) => readdirSync(join(root, 'digits')).sort();
const old = (path: string) => utimesSync(path, 1e9, 1e9);

describe('mlx clean', () => {
  it('says first what it would do, and does just that', async () => {
    const root = join(scratch(), 'experiments');
    const runs = [await run(root, 0.7), await run(root, 0.9), await run(root, 0.8)];
    const before = treeOf(root);
    const options = { ...base, experiments: root, keepBest: 1, by: 'test.accuracy' };
    const said = await cleanRuns({ ...options, yes: false });
    expect(treeOf(root)).toEqual(before);
    expect(said.remove.map((r) => r.run).sort()).toEqual(
      [0, 2].map((i) => `digits/${basename(runs[i]!)}`).sort(),
    );
    expect(said.keep).toEqual([{ run: `digits/${basename(runs[1]!)}`, why: 'best' }]);
    expect(said.bytes).toBeGreaterThan(8000);
    expect(cleaningLines(said).at(-1)).toMatch(
      /^would free \d+\.\d KiB; nothing was removed yet: the same with --yes does it$/,
    );
    const did = await cleanRuns(options);
    expect(did).toEqual({ ...said, done: true });
    expect(ids(root)).toEqual([basename(runs[1]!)]);
    expect(existsSync(join(root, '.trash'))).toBe(false);
  });

  it('keeps what is tagged, noted, running, or may be tagged', async () => {
    const root = join(scratch(), 'experiments');
    const [tagged, noted, damaged] = [await run(root, 0.1), await run(root, 0.2), await run(root, 0.3)];
    await writeTags(tagged, { tags: ['paper'], note: '' });
    await writeTags(noted, { tags: [], note: 'the first one that learned' });
    writeFileSync(join(damaged, 'tags.json'), '{"tags": ["pap');
    const running = await newRun(root);
    running.event({ type: 'stage', stage: 'train', state: 'started' });
    const gone = await run(root, 0.4);
    const { remove, keep } = await cleanRuns({ ...base, experiments: root, where: ['name == digits'] });
    expect(remove.map((r) => r.run)).toEqual([`digits/${basename(gone)}`]);
    expect(keep.map((k) => k.why).sort()).toEqual(['running', 'tagged', 'tagged', 'tags damaged']);
    expect(ids(root)).toEqual([tagged, noted, damaged, running.path].map((path) => basename(path)).sort());
    await running.close();
  });

  it('drops checkpoints alone, of completed runs unless told otherwise', async () => {
    const root = join(scratch(), 'experiments');
    const [done, stopped] = [await run(root, 0.9), await run(root, 0.5, 'interrupted')];
    const all = { ...base, experiments: root, checkpoints: true };
    expect(await cleanRuns(all)).toMatchObject({
      keep: [{ why: 'not completed' }],
      remove: [{ part: 'checkpoints' }],
    });
    expect((await readRun(done)).checkpoints).toEqual({});
    expect(await readRun(done)).toMatchObject({ status: 'completed', problems: [] });
    expect((await readRun(stopped)).checkpoints.last).toBeDefined();
    expect(await cleanRuns(all)).toMatchObject({ remove: [] });
    await cleanRuns({ ...all, where: ['status == interrupted'] });
    expect((await readRun(stopped)).checkpoints).toEqual({});
  });

  it('removes nothing without being told which, but what kills have left', async () => {
    const root = join(scratch(), 'experiments');
    const kept = await run(root, 0.9);
    const began = join(root, 'digits', 'abcd');
    mkdirSync(began);
    writeFileSync(join(began, 'plan.txt'), 'plan\n');
    const young = join(root, 'digits', 'beef');
    mkdirSync(young);
    const mine = join(root, 'digits', 'cafe');
    mkdirSync(mine);
    writeFileSync(join(mine, 'notes.txt'), 'mine');
    const torn = join(kept, 'checkpoints', '.last.safetensors.0a1b2c3d.tmp');
    writeFileSync(torn, 'half');
    const trash = join(root, '.trash', 'half');
    mkdirSync(join(trash, 'checkpoints'), { recursive: true });
    for (const path of [began, mine, torn]) old(path);
    const { remove, leftovers } = await cleanRuns({ ...base, experiments: root });
    expect(remove).toEqual([]);
    expect(leftovers.map(({ path }) => path).sort()).toEqual([trash, began, torn].sort());
    expect([trash, began, torn].map(existsSync)).toEqual([false, false, false]);
    expect([kept, young, mine].map(existsSync)).toEqual([true, true, true]);
    expect((await readRun(kept)).problems).toEqual([]);
  });

  it('follows no link', async () => {
    const home = scratch();
    const root = join(home, 'experiments');
    const outside = await run(join(home, 'outside'), 0.9);
    const inside = await run(root, 0.5);
    symlinkSync(outside, join(root, 'digits', 'face'));
    symlinkSync(join(home, 'outside'), join(root, 'linked'));
    symlinkSync(outside, join(inside, 'checkpoints', 'outside'));
    const before = treeOf(join(home, 'outside'));
    await cleanRuns({ ...base, experiments: root, where: ['epochs >= 0'] });
    expect(treeOf(join(home, 'outside'))).toEqual(before);
    expect(existsSync(inside)).toBe(false);
    const other = await run(root, 0.5);
    symlinkSync(join(home, 'outside'), join(root, '.trash'));
    const error = await failureOf(() => cleanRuns({ ...base, experiments: root, where: ['epochs >= 0'] }));
    expect(error).toMatchObject({ code: 'record-write', exit: 3 });
    expect(existsSync(other)).toBe(true);
    expect(treeOf(join(home, 'outside'))).toEqual(before);
  });

  it('takes a group and its runs as one: all of them go, or all stay', async () => {
    const root = join(scratch(), 'experiments');
    const [worse, better] = [await group(root, [0.6, 0.7]), await group(root, [0.9, 0.8])];
    const alone = await run(root, 0.95);
    const options = { ...base, experiments: root, keepBest: 2, by: 'test.accuracy' };
    const said = await cleanRuns({ ...options, yes: false });
    // The mean of a group counts, not its best run.
    expect(said.remove).toMatchObject([{ run: `digits/${basename(worse.path)}`, part: 'group' }]);
    expect(said.remove[0]!.bytes).toBeGreaterThan(8000);
    expect(said.keep.map(({ run, why }) => `${run} ${why}`).sort()).toEqual(
      [better.path, alone].map((path) => `digits/${basename(path)} best`).sort(),
    );
    expect(existsSync(worse.path)).toBe(true);
    expect(await cleanRuns(options)).toEqual({ ...said, done: true });
    expect(ids(root)).toEqual([better.path, ...better.runs, alone].map((path) => basename(path)).sort());
    expect(readGroupResult(better.path)).toMatchObject({ status: 'completed', record: { problems: [] } });
  });

  it('drops the checkpoints of all runs of a group', async () => {
    const root = join(scratch(), 'experiments');
    const [done, died] = [await group(root, [0.9, 0.8]), await group(root, [0.5], false)];
    died.folder.close();
    const all = { ...base, experiments: root, checkpoints: true };
    expect(await cleanRuns(all)).toMatchObject({
      keep: [{ run: `digits/${basename(died.path)}`, why: 'not completed' }],
      remove: [{ run: `digits/${basename(done.path)}`, part: 'checkpoints' }],
    });
    for (const path of done.runs) expect(existsSync(join(path, 'checkpoints'))).toBe(false);
    for (const path of died.runs) expect(existsSync(join(path, 'checkpoints'))).toBe(true);
    expect(readGroupResult(done.path)).toMatchObject({ status: 'completed', result: { completed: 2 } });
    expect(await cleanRuns(all)).toMatchObject({ remove: [] });
  });

  it('keeps a group of which a run is tagged or running, or that goes on between two runs', async () => {
    const root = join(scratch(), 'experiments');
    const groups = [
      await group(root, [0.1, 0.2]),
      await group(root, [0.3, 0.4]),
      await group(root, [0.5], false),
    ];
    const [tagged, running] = groups;
    await writeTags(tagged!.runs[1]!, { tags: ['paper'], note: '' });
    const lease = takeLease(running!.runs[1]!);
    const before = ids(root);
    const everything = { ...base, experiments: root, where: ['name == digits'] };
    const { remove, keep } = await cleanRuns(everything);
    expect(remove).toEqual([]);
    expect(keep.map(({ why }) => why).sort()).toEqual(['running', 'running', 'tagged']);
    expect(ids(root)).toEqual(before);
    lease.release();
    groups[2]!.folder.close();
    expect((await cleanRuns(everything)).remove).toHaveLength(2);
    expect(ids(root)).toEqual([tagged!.path, ...tagged!.runs].map((path) => basename(path)).sort());
  });

  it('leaves a group whole where a run of it is gone on with meanwhile', async () => {
    const root = join(scratch(), 'experiments');
    const { runs } = await group(root, [0.1, 0.2, 0.3]);
    const before = ids(root);
    let reads = 0;
    let lease: ReturnType<typeof takeLease> | undefined;
    const options = {
      ...base,
      experiments: root,
      where: ['name == digits'],
      // Read once more when all runs are known and nothing is removed yet: then somebody else comes first.
      get checkpoints() {
        if (++reads === 2) lease = takeLease(runs[2]!);
        return false;
      },
    };
    const { remove, keep } = await cleanRuns(options);
    expect(remove).toEqual([]);
    expect(keep).toMatchObject([{ why: 'running' }]);
    expect(ids(root)).toEqual(before);
    expect(lease).toBeDefined();
    lease!.release();
    expect((await cleanRuns({ ...base, experiments: root, where: ['name == digits'] })).remove).toHaveLength(
      1,
    );
  });

  it('refuses half an order', async () => {
    const experiments = scratch();
    const refused = (more: object) => failureOf(() => cleanRuns({ ...base, experiments, ...more }));
    expect(await refused({ keepBest: 1 })).toMatchObject({ code: 'usage' });
    expect(await refused({ keepBest: Number.NaN, by: 'test.loss' })).toMatchObject({ code: 'usage' });
    await run(experiments, 0.5);
    expect(await refused({ keepBest: 1, by: 'test.acuracy' })).toMatchObject({ code: 'unknown-quantity' });
  });
});
