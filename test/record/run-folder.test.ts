import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRun, readCheckpoint, readRun } from '../../src/record/index.ts';
import { epoch, failureOf, newRun, result, scratch, step, treeOf } from './helpers.ts';

describe('createRun', () => {
  it('keeps what the user wrote byte for byte, and what follows from it', async () => {
    const root = join(scratch(), 'experiments');
    const configText = '# Grüße\r\nname: digits\n\n';
    let told = '';
    const folder = await newRun(root, {
      configText,
      lock: (path) => {
        told = path;
        return { format: 1, seed: 7 } as never;
      },
    });
    expect(folder.run).toMatch(/\/experiments\/digits\/[0-9a-f]{4}$/);
    expect(told).toBe(folder.path);
    expect(treeOf(folder.path)).toEqual([
      'checkpoints',
      'config.resolved.yaml',
      'config.yaml',
      'events.ndjson',
      'lease.json',
      'lock.json',
      'plan.txt',
    ]);
    expect(readFileSync(join(folder.path, 'config.yaml'), 'utf8')).toBe(configText);
    expect(JSON.parse(readFileSync(join(folder.path, 'lock.json'), 'utf8'))).toEqual({ format: 1, seed: 7 });
    await folder.close();
  });

  it('gives runs that start at once folders of their own', async () => {
    const root = join(scratch(), 'experiments');
    const folders = await Promise.all(Array.from({ length: 8 }, () => newRun(root)));
    expect(new Set(folders.map((f) => f.path)).size).toBe(8);
    for (const [i, folder] of folders.entries()) {
      folder.event(epoch(i + 1));
      await folder.close();
    }
    for (const [i, folder] of folders.entries())
      expect((await readRun(folder.path)).events).toEqual([epoch(i + 1)]);
  });

  it.each([
    '../evil',
    '..',
    '.',
    '',
    'a/b',
    'a\\b',
    '/etc',
    'a\0b',
    'a b',
    'ünï',
    'x'.repeat(201),
    'con',
    'NUL.txt',
    'a.',
    '--\n',
  ])('never leaves its root for the name %j', async (name) => {
    const base = scratch();
    const root = join(base, 'experiments');
    const error = await failureOf(() => newRun(root, { name }));
    expect(error).toMatchObject({ code: 'experiment-name', exit: 2 });
    expect(error.details.help).toMatch(/letters/);
    expect(treeOf(base).filter((path) => path !== 'experiments')).toEqual([]);
  });

  it.each(['..a', 'a..b', '-rf', '.hidden', 'v1.2_x-y'])(
    'takes the odd but harmless name %j',
    async (name) => {
      const root = scratch();
      const folder = await newRun(root, { name });
      expect(dirname(dirname(folder.path))).toBe(root);
      await folder.close();
    },
  );

  it('does not follow a link out of its root', async () => {
    const base = scratch();
    mkdirSync(join(base, 'elsewhere'));
    mkdirSync(join(base, 'experiments'));
    symlinkSync(join(base, 'elsewhere'), join(base, 'experiments', 'digits'));
    const error = await failureOf(() => newRun(join(base, 'experiments')));
    expect(error.code).toBe('experiment-name');
    expect(treeOf(join(base, 'elsewhere'))).toEqual([]);
  });

  it('leaves nothing behind when the lock can’t be made', async () => {
    const root = join(scratch(), 'experiments');
    const failing = newRun(root, { lock: () => Promise.reject(new Error('no lock')) });
    await expect(failing).rejects.toThrow('no lock');
    expect(treeOf(root)).toEqual([]);
  });

  it('keeps other runs of that name when it fails', async () => {
    const root = join(scratch(), 'experiments');
    const other = await newRun(root);
    await expect(newRun(root, { lock: () => Promise.reject(new Error('no')) })).rejects.toThrow();
    expect(existsSync(join(other.path, 'config.yaml'))).toBe(true);
    await other.close();
  });
});

describe('RunFolder', () => {
  it('is readable again in full', async () => {
    const folder = await newRun(scratch());
    const state = new Map([['dense/kernel', Float32Array.of(1, 2, 3)]]);
    for (let n = 1; n <= 3; n++) folder.event(step(n));
    folder.event(epoch(1));
    expect(await folder.checkpoint('last', state, { progress: '{"step":10}' })).toBe(
      'checkpoints/last.safetensors',
    );
    await folder.file('model.onnx', Uint8Array.of(8, 9));
    await folder.predictions([{ id: 4, truth: '1', prediction: '7', scores: Float32Array.of(0.1, 0.9) }], {
      scores: ['1', '7'],
    });
    await folder.result(result);
    folder.event({ type: 'run_completed', run: folder.run, result });
    await folder.close();

    const run = await readRun(folder.path);
    expect(run).toMatchObject({
      name: 'digits',
      id: basename(folder.path),
      status: 'completed',
      problems: [],
      config: 'name: digits  # my comment\n',
      resolved: 'name: digits\nseed: 42\n',
      plan: 'plan\n',
      lock: { seed: 42 },
      result,
    });
    expect(run.events.map((e) => e.type)).toEqual(['step', 'step', 'step', 'epoch', 'run_completed']);
    expect(Object.keys(run.checkpoints)).toEqual(['last']);
    const { state: again, meta } = await readCheckpoint(run.checkpoints.last!);
    expect(again).toEqual(state);
    expect(meta).toEqual({ progress: '{"step":10}' });
    expect(readFileSync(join(folder.path, 'predictions.csv'), 'utf8')).toBe(
      'id,truth,prediction,score_1,score_7\n4,1,7,0.1,0.9\n',
    );
    expect([...readFileSync(join(folder.path, 'model.onnx'))]).toEqual([8, 9]);
    expect(treeOf(folder.path).filter((path) => path.includes('.tmp'))).toEqual([]);
  });

  it('has each epoch in the log before the next call, and steps soon after', async () => {
    const folder = await newRun(scratch());
    const log = () => readFileSync(join(folder.path, 'events.ndjson'), 'utf8');
    folder.event(step(1));
    expect(log()).toBe('');
    folder.event(epoch(1));
    expect(log()).toBe(`${JSON.stringify(step(1))}\n${JSON.stringify(epoch(1))}\n`);
    for (let n = 0; n < 1000; n++) folder.event(step(2));
    expect(log().length).toBeGreaterThan(1000 * JSON.stringify(step(2)).length - 16 * 1024);
    await folder.close();
    expect(log().split('\n').length).toBe(1003);
  });

  it('replaces a checkpoint as a whole', async () => {
    const folder = await newRun(scratch());
    for (const value of [1, 2, 3])
      await folder.checkpoint('best', new Map([['w', Float32Array.of(value)]]), {});
    const { state } = await readCheckpoint(join(folder.path, 'checkpoints/best.safetensors'));
    expect(state.get('w')).toEqual(Float32Array.of(3));
    expect(treeOf(join(folder.path, 'checkpoints'))).toEqual(['best.safetensors']);
    await folder.close();
  });

  it('refuses files outside of the folder', async () => {
    const folder = await newRun(scratch());
    for (const name of ['../x', 'a/b', '..', '.x', '/tmp/x'])
      await expect(folder.file(name, new Uint8Array(1))).rejects.toThrow(/internal/);
    await folder.close();
  });

  it('goes on in the folder of an earlier run, after a torn line', async () => {
    const folder = await newRun(scratch());
    folder.event(epoch(1));
    await folder.close();
    const path = join(folder.path, 'events.ndjson');
    const whole = readFileSync(path, 'utf8');
    writeFileSync(path, `${whole}{"type":"epoch","ep`);
    const again = await openRun(folder.path);
    again.event(epoch(2));
    await again.close();
    expect(readFileSync(path, 'utf8')).toBe(`${whole}${JSON.stringify(epoch(2))}\n`);
    expect(again.run).toBe(folder.run);
    expect((await readRun(folder.path)).problems).toEqual([]);
  });
});
