import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EpochEvent } from '../../../src/protocol/events.ts';
import type { Result } from '../../../src/protocol/result.ts';
import { readRun } from '../../../src/record/index.ts';
import { exportMlflow, mlflowKey } from '../../../src/report/bridges/mlflow.ts';
import { MlflowClient } from '../../../src/report/bridges/mlflow-client.ts';
import { configValues } from '../../../src/study/config-values.ts';
import { config, lines, mlx, readJson, runFolder, scratch } from '../../cli/mlx.ts';
import { MlflowStub } from './mlflow-stub.ts';

// Whole commands on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let cwd = '';
let folder = '';
let stub: MlflowStub;
let uri = '';

beforeAll(async () => {
  cwd = scratch();
  // Some 1,400 metric values and 110 parameters: several calls of each.
  const run = ['run', config('penguins.yaml'), '--engine', 'onnx', '--set', 'training.epochs=60'];
  expect((await mlx(run, { cwd })).code).toBe(0);
  folder = runFolder(join(cwd, 'experiments'), 'penguins');
});
beforeEach(async () => {
  stub = new MlflowStub();
  uri = await stub.listen();
});
afterEach(() => stub.close());

const send = (env: Record<string, string> = {}, ...more: string[]) =>
  mlx(['export', folder, uri, '--to', 'mlflow', ...more], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
/** The same without a process of its own. */
async function direct() {
  const record = await readRun(folder);
  const params = configValues(record.resolved)!;
  const files = ['result.json', 'plan.txt'].map((name) => ({
    name,
    bytes: Uint8Array.from(readFileSync(join(folder, name))),
  }));
  return exportMlflow(new MlflowClient(uri, {}), { record, params, tags: [], note: '', files });
}
const only = () => {
  expect(stub.runs.size).toBe(1);
  return [...stub.runs.values()][0]!;
};

describe('mlx export --to mlflow', () => {
  it('sends config, metrics, tags and files, as the protocol has them', async () => {
    await mlx(['tag', folder, 'best', '--note', 'a note'], { cwd });
    const ended = await send();
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect([...stub.experiments.values()]).toEqual(['penguins']);
    const run = only();
    expect(run).toMatchObject({ status: 'FINISHED', name: folder.split('/').at(-1) });
    expect(run.params.get('optimizer.learning_rate')).toBe('0.01');
    expect(run.params.get('architecture.0.dense.units')).toBe('16');
    expect(run.params.size).toBeGreaterThan(60);
    expect(run.tags.get('mlflow.note.content')).toBe('a note');
    expect(run.tags.get('mlx.tags')).toBe('best');
    const metrics = [...run.metrics].map((m) => JSON.parse(m));
    const epochs = lines(readFileSync(join(folder, 'events.ndjson'), 'utf8')).filter(
      (e): e is EpochEvent => e.type === 'epoch',
    );
    const losses = metrics.filter((m) => m.key === 'train/loss');
    expect(losses.map((m) => [m.step, m.value])).toEqual(epochs.map((e) => [e.step, e.metrics['loss']]));
    expect(losses.map((m) => m.timestamp)).toEqual(losses.map((m) => m.timestamp).toSorted((a, b) => a - b));
    const result: Result = readJson(folder, 'result.json');
    const { value, interval } = result.metrics.test!['accuracy']!;
    const final = new Map(metrics.filter((m) => m.key.startsWith('final/')).map((m) => [m.key, m.value]));
    expect(['', '/low', '/high'].map((end) => final.get(`final/test/accuracy${end}`))).toEqual([
      value,
      ...interval!,
    ]);
    expect([...run.files.keys()].sort()).toEqual([
      'config.resolved.yaml',
      'config.yaml',
      'lock.json',
      'model.onnx',
      'plan.txt',
      'predictions.csv',
      'report.html',
      'result.json',
    ]);
    expect(run.files.get('model.onnx')).toEqual(readFileSync(join(folder, 'model.onnx')));
    expect(run.end!).toBeGreaterThan(run.start!);
    expect(stub.calls.filter((c) => c.endsWith('log-batch')).length).toBeGreaterThan(3);
  });

  it('a second time changes nothing and says so; a new note is told to the same run', async () => {
    await send();
    const [before, calls] = [
      JSON.stringify([...only().metrics, ...only().params, ...only().tags]),
      stub.calls.length,
    ];
    const again = await send();
    expect(again.stdout).toContain('is there already, the same in all');
    expect(JSON.stringify([...only().metrics, ...only().params, ...only().tags])).toBe(before);
    expect(stub.calls.length - calls).toBe(2);
    await mlx(['tag', folder, '--note', 'another'], { cwd });
    expect((await send()).code).toBe(0);
    expect(only().tags.get('mlflow.note.content')).toBe('another');
  });

  it('tries again where a server is busy, and goes on where it broke off', async () => {
    await direct();
    const whole = [only().metrics.size, only().params.size, only().files.size, only().status];
    stub.close();
    stub = new MlflowStub();
    uri = await stub.listen();
    stub.trouble = (call) =>
      call % 3 === 0
        ? { status: 503 }
        : call % 5 === 0
          ? { status: 429, after: '0' }
          : call % 7 === 0
            ? 'cut'
            : undefined;
    expect(await direct()).toMatchObject({ already: false });
    expect([only().metrics.size, only().params.size, only().files.size, only().status]).toEqual(whole);
    for (const last of [2, 3, 4, 5, 6, 7, 8, 9]) {
      stub.close();
      stub = new MlflowStub();
      uri = await stub.listen();
      stub.trouble = (call) => (call > last ? { status: 400 } : undefined);
      await expect(direct(), `after ${last} calls`).rejects.toMatchObject({ code: 'mlflow', exit: 3 });
      stub.trouble = () => undefined;
      expect(await direct()).toMatchObject({ already: false });
      expect([only().metrics.size, only().params.size, only().files.size, only().status]).toEqual(whole);
    }
  });

  it('says who it is, and keeps names and passwords out of what it says', async () => {
    await send({ MLFLOW_TRACKING_TOKEN: 'secret' });
    expect([...stub.authorizations]).toEqual(['Bearer secret']);
    stub.authorizations.clear();
    const other = uri.replace('://', '://ann:p%40ss@');
    stub.trouble = () => ({ status: 401 });
    const refused = await mlx(['export', folder, other, '--to', 'mlflow'], { cwd });
    expect([...stub.authorizations]).toEqual([`Basic ${Buffer.from('ann:p@ss').toString('base64')}`]);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('MLFLOW_TRACKING_TOKEN');
    expect(refused.stderr).not.toMatch(/p@ss|p%40ss/);
  });

  it('without an artifact proxy, without files, or with no server at all', async () => {
    stub.artifacts = false;
    expect((await send()).stdout).toContain('no files: the server has no artifact proxy');
    stub.close();
    stub = new MlflowStub();
    uri = await stub.listen();
    await send({}, '--no-artifacts');
    expect(only().files.size).toBe(0);
    stub.close();
    const gone = await send();
    expect(gone.code).toBe(3);
    expect(gone.stderr).toContain("can't be reached");
    expect(gone.stderr).not.toContain('    at ');
    for (const bad of ['localhost:5000', 'ftp://x', 'nothing']) {
      const wrong = await mlx(['export', folder, bad, '--to', 'mlflow'], { cwd });
      expect(wrong.code).toBe(3);
      expect(wrong.stderr).toContain('error[mlflow-uri]');
    }
  });

  it('hostile names become names that the protocol takes', async () => {
    for (const name of [
      'a[3].b',
      '../../etc',
      'x//y/',
      '<script>',
      'größe µ',
      '.',
      '/a',
      `${'long/'.repeat(100)}`,
    ]) {
      const made = mlflowKey(name);
      expect(made, name).toMatch(/^[\w.\- ][\w.\- /]*$/);
      expect(made).not.toMatch(/(^|\/)\.{0,2}(\/|$)/);
      expect(made.length).toBeLessThanOrEqual(250);
    }
    const file = join(folder, 'events.ndjson');
    const text = readFileSync(file, 'utf8');
    writeFileSync(
      file,
      `${text}{"type":"epoch","epoch":61,"step":481,"metrics":{"../x":1,"a\\u0000b":2,"":3,"inf":null},"scalars":{},"seconds":1,"samples_per_second":1,"best":false}\n`,
    );
    expect(await send()).toMatchObject({ code: 0, stderr: '' });
    writeFileSync(file, text);
  });
});
