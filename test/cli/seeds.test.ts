import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { GroupResult } from '../../src/study/groups/result.ts';
import { config, lines, mlx, readJson, scratch } from './mlx.ts';

const experiments = scratch();
const small = [
  ...['run', config('mnist-logistic.yaml'), '--json', '--experiments', experiments],
  ...['--set', 'data.split={train: 400, test: 200}', '--set', 'evaluation={ baselines: none }'],
];
/** Long enough that a signal reaches its middle. */
const args = [...small, '--set', 'training={ batch_size: 32, epochs: 30 }', '--set', 'expect=[]'];
const seeds = (name: string, more: string[] = [], options = {}) =>
  mlx([...args, '--set', 'seeds=3', '--set', `name=${name}`, ...more], options);
const resume = (run: string) => mlx(['resume', run, '--json', '--experiments', experiments]);

/** The folder of a group and those of its runs, in order. */
function groupOf(name: string): { group: string; runs: string[] } {
  const ids = readdirSync(join(experiments, name)).sort();
  const id = ids.find((each) => existsSync(join(experiments, name, each, 'group.json')))!;
  const runs = ids.filter((each) => each.startsWith(`${id}-`));
  return { group: join(experiments, name, id), runs: runs.map((each) => join(experiments, name, each)) };
}
const bits = (folder: string) =>
  ['model.onnx', 'predictions.csv'].map((file) => readFileSync(join(folder, file), 'latin1'));

/** Sends a signal in an epoch of the second run. */
const inSecond = (signal: NodeJS.Signals) => {
  let sent = false;
  return {
    during: (child: { kill(signal: NodeJS.Signals): boolean }, stdout: () => string) => {
      const [, , second] = stdout().split('{"type":"run_started"');
      if (sent || !second?.includes('{"type":"epoch","epoch":5,')) return;
      sent = true;
      child.kill(signal);
    },
  };
};
const completedOf = (stdout: string) => lines(stdout).find((e) => e.type === 'group_completed');

let whole: ReturnType<typeof groupOf>;
let told = '';
beforeAll(async () => {
  const ended = await seeds('whole');
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  told = ended.stdout;
  whole = groupOf('whole');
}, 300_000);

/** Fails unless a group ended as the one that nobody stopped. */
function expectSameEnd(name: string) {
  const { group, runs } = groupOf(name);
  expect(runs.map(bits)).toEqual(whole.runs.map(bits));
  const [is, was] = [group, whole.group].map((folder) => readJson(folder, 'result.json'));
  expect(is.metrics).toEqual(was.metrics);
  expect(is).toMatchObject({ status: 'completed', completed: 3, runs: 3 });
}

describe('seeds: 3', () => {
  it('makes three runs on the same data, their means, deviations and intervals', () => {
    expect(whole.runs).toHaveLength(3);
    const results = whole.runs.map((run) => readJson(run, 'result.json'));
    const locks = whole.runs.map((run) => readJson(run, 'lock.json'));
    expect(locks.map((lock) => lock.seed)).toEqual([42, 43, 44]);
    expect(new Set(locks.map((lock) => JSON.stringify(lock.data))).size).toBe(1);
    expect(new Set(locks.map((lock) => lock.initial.sha256)).size).toBe(3);
    for (const run of whole.runs)
      expect(readFileSync(join(run, 'config.yaml'))).toEqual(readFileSync(config('mnist-logistic.yaml')));
    const group = readJson(whole.group, 'result.json') as GroupResult;
    for (const split of ['test', 'train'] as const)
      for (const [name, found] of Object.entries(group.metrics[split]!)) {
        const values: number[] = results.map((r) => r.metrics[split][name].value);
        const mean = values.reduce((a, b) => a + b) / 3;
        const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 2);
        expect(found.values).toEqual(values);
        expect(found.value).toBeCloseTo(mean, 12);
        expect(found.deviation).toBeCloseTo(deviation, 12);
        const half = (4.302652729911275 * deviation) / Math.sqrt(3); // Student's 97.5% quantile, 2 degrees of freedom
        expect(found.interval![0]).toBeCloseTo(mean - half, 9);
      }
    expect(new Set(group.metrics.test!['loss']!.values).size).toBe(3);
  });

  it('tells every run, then the group, as JSON lines', () => {
    const events = lines(told);
    expect(events[0]).toMatchObject({ type: 'group_started', kind: 'seeds' });
    expect(events.filter((e) => e.type === 'run_completed')).toHaveLength(3);
    expect(events.at(-1)).toMatchObject({
      type: 'group_completed',
      group: whole.group,
      result: readJson(whole.group, 'result.json'),
    });
  });

  it('each run is the one that its seed gives alone', async () => {
    const alone = await mlx([
      ...args,
      ...['--set', 'name=alone', '--set', 'seed=43', '--set', 'data.seed=42'],
    ]);
    expect(alone.code).toBe(0);
    const [id] = readdirSync(join(experiments, 'alone'));
    expect(bits(join(experiments, 'alone', id!))).toEqual(bits(whole.runs[1]!));
  });

  it('looks at the test examples once together', () => {
    for (const run of whole.runs) expect(readJson(run, 'result.json').test_looks.runs).toBe(1);
  });

  it.each<NodeJS.Signals>(['SIGINT', 'SIGKILL'])(
    'stopped by %s in the second run, it goes on to the same bits',
    async (signal) => {
      const name = signal.toLowerCase();
      const stopped = await seeds(name, [], inSecond(signal));
      const { group, runs } = groupOf(name);
      expect(stopped.code).toBe(signal === 'SIGINT' ? 130 : null);
      expect(runs).toHaveLength(2);
      if (signal === 'SIGINT')
        expect(completedOf(stopped.stdout).result).toMatchObject({ status: 'interrupted', completed: 1 });
      else expect(existsSync(join(group, 'result.json'))).toBe(false);
      const shown = await mlx(['show', group, '--json', '--experiments', experiments]);
      expect(JSON.parse(shown.stdout).status).toBe(signal === 'SIGINT' ? 'interrupted' : 'died');
      const first = readFileSync(join(runs[0]!, 'result.json'));
      const resumed = await resume(group.split('/').at(-1)!);
      expect(resumed).toMatchObject({ code: 0, stderr: '' });
      expect(readFileSync(join(runs[0]!, 'result.json'))).toEqual(first);
      expectSameEnd(name);
      const again = await resume(group);
      expect(again.stderr).toMatch(/error\[already-completed\]/);
      expect(again.code).toBe(2);
    },
  );

  it('tells of a run that fails, and goes on with the others', async () => {
    const stopped = await seeds('failing', [], inSecond('SIGKILL'));
    expect(stopped.code).toBe(null);
    const { group, runs } = groupOf('failing');
    rmSync(join(runs[1]!, 'lock.json'));
    const resumed = await resume(group);
    expect(resumed.stderr).toMatch(/error\[run-damaged\]: .*lock\.json is missing/);
    expect(resumed.code).toBe(3);
    const { result } = completedOf(resumed.stdout);
    expect(result).toMatchObject({ status: 'failed', completed: 2, runs: 3 });
    expect(result.metrics.test.accuracy.values.map((v: number | null) => v === null)).toEqual([
      ...[false, true, false],
    ]);
    const shown = await mlx(['show', group, '--experiments', experiments]);
    expect(shown.stdout).toMatch(/^✗ failing \w+ {3}2 of 3 runs/);
    expect(shown.stdout).toMatch(/next +mlx resume/);
  });

  it('every run that ends in NaN is told; nothing is tried twice', async () => {
    const ended = await mlx([
      ...['run', config('line-regression.yaml'), '--experiments', experiments],
      ...['--set', 'optimizer.learning_rate=1e30', '--set', 'seeds=[7, 3]', '--set', 'name=nan'],
    ]);
    expect(ended.code).toBe(4);
    expect(ended.stderr.match(/error\[nan-loss\]/g)).toHaveLength(2);
    expect(ended.stdout).toMatch(/✗ \w+-1 {2}seed 7 {2}nan-loss: /);
    const { group } = groupOf('nan');
    const again = await resume(group);
    expect(again.code).toBe(4);
    expect(again.stdout).not.toContain('run_started');
  });

  it('holds gates against the means', async () => {
    const gates = ['--set', 'expect=["test.accuracy >= 0.99", "test.loss < 100"]'];
    const ended = await mlx([
      ...[...small, ...gates, '--set', 'name=gates', '--set', 'seeds=2', '--set', 'training.epochs=1'],
    ]);
    expect(ended.code).toBe(1);
    const { result } = completedOf(ended.stdout);
    expect(result.expectations.map((e: { passed: boolean }) => e.passed)).toEqual([false, true]);
    expect(result.expectations[0].found).toBe(result.metrics.test.accuracy.value);
    for (const run of groupOf('gates').runs)
      expect(readJson(run, 'result.json').expectations).toBeUndefined();
  });

  it('leaves nothing behind where no run can begin', async () => {
    const ended = await mlx([
      ...['run', config('penguins.yaml'), '--experiments', experiments, '--set', 'seeds=2'],
      ...['--set', 'name=missing', '--set', 'data.source.path=nowhere.csv'],
    ]);
    expect(ended.code).toBe(3);
    expect(existsSync(join(experiments, 'missing'))).toBe(false);
  });
});

describe('a group in other commands', () => {
  const at = ['--experiments', experiments];
  it('is one line of a list, with its runs where they are asked for', async () => {
    const rows = async (...more: string[]) =>
      lines((await mlx(['list', 'whole', '--json', ...more, ...at])).stdout);
    const means = readJson(whole.group, 'result.json').metrics.test;
    expect(await rows()).toMatchObject([
      { run: whole.group, kind: 'seeds', runs: 3, 'test.accuracy': means.accuracy.value },
    ]);
    expect(await rows('--members')).toHaveLength(4);
    expect(await rows('--members', '--where', 'seed == 43')).toMatchObject([{ run: whole.runs[1] }]);
    const text = (await mlx(['list', 'whole', ...at])).stdout;
    expect(text).toMatch(/✓ whole\/\w+ {2}completed .* 3 of 3 seeds/);
  });

  it('is compared with a group by the spread of both', async () => {
    const slow = ['--set', 'optimizer.learning_rate=0.00003'];
    expect((await seeds('slow', slow)).code).toBe(0);
    const other = groupOf('slow').group;
    const { code, stdout } = await mlx(['compare', whole.group, other, '--json', ...at]);
    expect(code).toBe(0);
    const found = JSON.parse(stdout);
    expect(found.config.map((d: { path: string }) => d.path)).toEqual(['name', 'optimizer.learning_rate']);
    expect(found.verdicts).toMatchObject([{ group: 'B', verdict: 'worse', test: "Welch's t" }]);
    const text = (await mlx(['compare', whole.group, other, ...at])).stdout;
    expect(text).toMatch(/verdict {2}B is worse than A \(test\.accuracy, Welch's t, p [=<] /);
    const markdown = (await mlx(['compare', whole.group, other, '--markdown', ...at])).stdout;
    expect(markdown).toMatch(/^<!-- mlx-compare -->\n/);
  });

  it.each([
    ['compared with a run', (g: string, run: string) => ['compare', g, run], 2, /compared with groups/],
    ['reproduced', (g: string) => ['reproduce', g], 2, /group of 3 runs, not a run\n {2}help: name one of/],
  ])('%s: refused with what to do', async (_, command, code, message) => {
    const ended = await mlx([...command(whole.group, whole.runs[0]!), ...at]);
    expect(ended.stderr).toMatch(message);
    expect(ended.code).toBe(code);
  });

  it('takes tags', async () => {
    expect((await mlx(['tag', whole.group, 'best', ...at])).code).toBe(0);
    expect((await mlx(['list', '--where', 'tag == best', ...at])).stdout).toContain('whole/');
  });
});
