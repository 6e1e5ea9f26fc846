import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeFailure } from '../../src/record/failure.ts';
import { readCheckpoint, readRun } from '../../src/record/index.ts';
import { epoch, failureOf, mountTmpfs, newRun, remount, result, scratch, step, treeOf } from './helpers.ts';

const small = mountTmpfs('size=64k');
const frozen = mountTmpfs('size=256k');
for (const tried of [small, frozen])
  if (typeof tried !== 'string') console.warn(`skipped, real full and read-only disks: ${tried.reason}`);
const [full, readOnly] = [small, frozen].map((m) => (typeof m === 'string' ? m : ''));
const big = () => new Map([['w', new Float32Array(64 * 1024)]]);

function expectWriteError(error: Awaited<ReturnType<typeof failureOf>>, code: string, path: string) {
  expect(error).toMatchObject({ code: 'record-write', exit: 3 });
  expect(error.message).toContain(code);
  expect(error.message).toContain(path);
  expect(error.details.help).toMatch(/^[a-z]/);
}

describe.skipIf(!full)('a full disk', () => {
  it('fails whole files, keeps the old ones, and leaves nothing half-written', async () => {
    const folder = await newRun(join(full!, 'whole'));
    const one = new Map([['w', Float32Array.of(1)]]);
    await folder.checkpoint('last', one, {});
    await folder.result({ ...result, status: 'interrupted' });
    const before = treeOf(folder.path);
    const writes = [
      () => folder.checkpoint('last', big(), {}),
      () => folder.file('model.onnx', new Uint8Array(100_000)),
      () => folder.result({ ...result, stopped: 'x'.repeat(100_000) }),
      () =>
        folder.predictions(
          Array.from({ length: 20_000 }, (_, id) => ({ id, truth: 'a', prediction: 'b' })),
          {},
        ),
    ];
    for (const write of writes) expectWriteError(await failureOf(write), 'ENOSPC', folder.path);
    expect(treeOf(folder.path)).toEqual(before);
    const run = await readRun(folder.path);
    expect(run).toMatchObject({ status: 'interrupted', problems: [] });
    expect((await readCheckpoint(run.checkpoints.last!)).state).toEqual(one);
    await folder.close();
    rmSync(join(full!, 'whole'), { recursive: true });
  });

  it('tells the caller of an event that couldn’t be kept, and loses none once there is room', async () => {
    const folder = await newRun(join(full!, 'events'));
    const filler = join(full!, 'filler');
    folder.event(epoch(1));
    writeFileSync(filler, '');
    let room = 64 * 1024;
    while (room >= 1024) {
      try {
        writeFileSync(filler, new Uint8Array(room), { flag: 'a' });
      } catch {
        room /= 2;
      }
    }
    let told = 1;
    const error = await failureOf(() => {
      for (let n = 2; n < 2000; n++) {
        told = n;
        folder.event(epoch(n));
      }
    });
    expectWriteError(error, 'ENOSPC', join(folder.path, 'events.ndjson'));
    expectWriteError(await failureOf(() => folder.checkpoint('last', new Map(), {})), 'ENOSPC', folder.path);
    // What is there is readable, up to the torn line.
    const torn = await readRun(folder.path);
    expect(torn.problems).toEqual([]);
    expect(torn.events.length).toBeLessThan(told);
    rmSync(filler);
    folder.event(epoch(told + 1));
    await folder.close();
    const whole = await readRun(folder.path);
    expect(whole.problems).toEqual([]);
    expect(whole.events).toEqual(Array.from({ length: told + 1 }, (_, i) => epoch(i + 1)));
    rmSync(join(full!, 'events'), { recursive: true });
  });

  it('leaves no folder of a run that couldn’t begin', async () => {
    const root = join(full!, 'begin');
    const error = await failureOf(() => newRun(root, { planText: 'x'.repeat(200_000) }));
    expectWriteError(error, 'ENOSPC', root);
    expect(treeOf(root)).toEqual([]);
  });
});

describe.skipIf(!readOnly)('a read-only disk', () => {
  it('says so for a new run and for one under way, which stays readable', async () => {
    const root = join(readOnly!, 'experiments');
    const folder = await newRun(root);
    await folder.checkpoint('last', new Map([['w', Float32Array.of(1)]]), {});
    folder.event(epoch(1));
    await folder.close();
    remount(readOnly!, 'ro');
    expectWriteError(await failureOf(() => newRun(root)), 'EROFS', root);
    expectWriteError(await failureOf(() => newRun(join(readOnly!, 'other'))), 'EROFS', 'other');
    expectWriteError(await failureOf(() => folder.checkpoint('last', big(), {})), 'E', folder.path);
    expectWriteError(await failureOf(() => folder.result(result)), 'EROFS', 'result.json');
    const run = await readRun(folder.path);
    expect(run).toMatchObject({ problems: [], events: [epoch(1)] });
  });
});

describe('a place that can’t be', () => {
  it('names the file that stands where the root should be', async () => {
    const root = join(scratch(), 'experiments');
    writeFileSync(root, 'mine');
    expectWriteError(await failureOf(() => newRun(root)), 'E', root);
    expect(readFileSync(root, 'utf8')).toBe('mine');
    const below = join(root, 'deeper');
    expectWriteError(await failureOf(() => newRun(below)), 'ENOTDIR', below);
  });

  it('names the file that stands where the experiment should be', async () => {
    const root = scratch();
    writeFileSync(join(root, 'digits'), 'mine');
    const error = await failureOf(() => newRun(root));
    expectWriteError(error, 'EEXIST', join(root, 'digits'));
    expect(error.message).toContain('a file stands where a folder should be');
  });

  it('reports a run folder that is gone, and a folder in a file’s place', async () => {
    const folder = await newRun(scratch());
    mkdirSync(join(folder.path, 'result.json', 'x'), { recursive: true });
    expectWriteError(await failureOf(() => folder.result(result)), 'E', 'result.json');
    expect(treeOf(folder.path).filter((path) => path.endsWith('.tmp'))).toEqual([]);
    rmSync(folder.path, { recursive: true });
    expectWriteError(
      await failureOf(() => folder.file('model.onnx', new Uint8Array(1))),
      'ENOENT',
      'model.onnx',
    );
    folder.event(step(1));
    await folder.close(); // the log itself is still open and takes what is told
  });
});

describe('writeFailure', () => {
  it.each(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'ENOTDIR', 'EIO', 'EWEIRD'])('explains %s', (code) => {
    const error = writeFailure(Object.assign(new Error('x'), { code }), 'experiments/a/b');
    expectWriteError(error as never, code, 'experiments/a/b');
  });

  it('leaves what the system didn’t say alone', () => {
    for (const error of [
      new Error('x'),
      null,
      Object.assign(new Error('x'), { code: 'ERR_INVALID_ARG_TYPE' }),
    ])
      expect(writeFailure(error, 'x')).toBe(error);
  });
});
