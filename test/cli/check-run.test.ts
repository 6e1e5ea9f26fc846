import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Gate } from '../../src/study/gates.ts';
import { config, mlx, readJson, runFolder, scratch } from './mlx.ts';

const experiments = scratch();
let good = '';
let bad = '';

async function train(name: string, ...set: string[]): Promise<string> {
  const { code, stderr } = await mlx([
    ...['run', config('penguins.yaml'), '--experiments', experiments, '--set', `name=${name}`],
    ...['training.epochs=8', 'evaluation.baselines=none', ...set].flatMap((one) => ['--set', one]),
  ]);
  expect(code, stderr).toBe(0);
  return runFolder(experiments, name);
}

beforeAll(async () => {
  good = await train('good', 'expect=["test.accuracy >= 0.8", "test.accuracy >= baseline - 0.005"]');
  bad = await train('bad', 'expect=["parameters <= 1e6"]', 'optimizer.learning_rate=0.0001');
});

const check = async (...args: string[]) => {
  const { code, stdout, stderr } = await mlx(['check-run', ...args, '--experiments', experiments]);
  expect(stderr).not.toMatch(/\n\s+at /);
  return { code, stdout, stderr };
};
const gates = async (...args: string[]) => {
  const { code, stdout, stderr } = await check(...args, '--json');
  expect(stderr).toBe('');
  const { passed, gates } = JSON.parse(stdout) as { passed: boolean; gates: Gate[] };
  expect(code).toBe(passed ? 0 : 1);
  return gates;
};

describe('mlx check-run', () => {
  it('tells each gate with its evidence', async () => {
    const [whole, accuracy, relative, ...others] = await gates(good, '--baseline', bad);
    expect(others).toEqual([]);
    expect(whole).toEqual({ text: 'completed', passed: true, found: null, limit: null });
    const { value, interval } = readJson(good, 'result.json').metrics.test.accuracy;
    expect(accuracy).toEqual({
      text: 'test.accuracy >= 0.8',
      passed: true,
      found: value,
      limit: 0.8,
      interval,
      examples: 103,
    });
    const was = readJson(bad, 'result.json').metrics.test.accuracy.value;
    expect(relative).toMatchObject({ passed: true, found: value, limit: was - 0.005, examples: 103 });
    expect(relative!.baseline).toMatchObject({ value: was, test: 'McNemar' });
    expect(relative!.baseline!.difference).toBeCloseTo(value - was, 12);
    expect(relative!.baseline!.interval![0]).toBeLessThan(value - was);
    expect(relative!.baseline!.p).toBeLessThan(0.05);
  });

  it('fails a regression against a baseline folder, and what costs too much', async () => {
    const costs = ['parameters <= 200', 'peak_rss_bytes < baseline * 0.5', 'seconds <= 600', 'epochs == 8'];
    const asked = ['test.accuracy >= baseline - 0.005', ...costs].flatMap((gate) => ['--expect', gate]);
    const found = await gates(bad, '--baseline', good, ...asked);
    expect(found.map(({ text, passed }) => [text, passed])).toEqual([
      ['completed', true],
      ['parameters <= 1e6', true],
      ['test.accuracy >= baseline - 0.005', false],
      ['parameters <= 200', false],
      ['peak_rss_bytes < baseline * 0.5', false],
      ['seconds <= 600', true],
      ['epochs == 8', true],
    ]);
    expect(found[4]!.found).toBeGreaterThan(50e6);
  });

  it('says it in lines, Markdown and JUnit', async () => {
    const args = [bad, '--baseline', good, '--expect', 'test.accuracy >= baseline - 0.005'];
    const { code, stdout } = await check(...args);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^✓ completed\n✓ parameters <= 1e6 +found 211\n✗ test\.accuracy >= baseline - 0\.005 +found 0\.\d+ \[/,
    );
    expect(stdout).toMatch(/n = 103; baseline 0\.\d+: -0\.\d+ \[-0\.\d+, [-+]0\.\d+\], McNemar p < 0\.001\n/);
    expect(stdout).toMatch(/✗ \S+bad\/\w+ fails 1 of 3 gates against \S+good\/\w+\n$/);
    const markdown = (await check(...args, '--markdown')).stdout;
    expect(markdown).toMatch(/^<!-- mlx-check-run -->\n### mlx check-run: failed\n/);
    const junit = (await check(...args, '--junit')).stdout;
    expect(junit).toContain('tests="3" failures="1"');
    expect(junit).toContain('name="test.accuracy &#62;= baseline - 0.005"><failure message="found 0.');
  });

  it('passes nothing that it can’t check', async () => {
    const other = await train('other', 'seed=7', 'expect=["test.accuracy >= baseline - 0.5"]');
    const [, seeds] = await gates(other, '--baseline', good);
    expect(seeds).toMatchObject({ passed: false, reason: expect.stringContaining('test sets differ') });
    const damaged = join(experiments, 'good', 'damaged');
    cpSync(good, damaged, { recursive: true });
    const csv = readFileSync(join(damaged, 'predictions.csv'), 'utf8');
    writeFileSync(join(damaged, 'predictions.csv'), csv.replace('Adelie', 'Gentoo'));
    const [whole] = await gates(damaged, '--baseline', bad);
    expect(whole).toMatchObject({
      passed: false,
      reason: expect.stringContaining('predictions.csv is damaged'),
    });
    rmSync(damaged, { recursive: true });
    const [, , missing] = await gates(bad, '--expect', 'validation.loss < 1');
    expect(missing).toMatchObject({ passed: false, found: null, reason: 'the run has no validation.loss' });
  });

  it('refuses what is no gate, and a gate without its baseline', async () => {
    const refused = async (message: RegExp, ...args: string[]) => {
      const { code, stderr, stdout } = await check(...args);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(message);
    };
    await refused(/error\[usage\].*needs a baseline run\n {2}help: name it with --baseline/, good);
    await refused(/error\[expectation\].*`=>` is no comparison/, bad, '--expect', 'test.accuracy => 1');
    await refused(/error\[unknown-run\]/, good, '--baseline', 'nobody');
    const none = await train('none', 'expect=[]');
    await refused(/error\[usage\]: there is nothing to check/, none);
  });
});

describe('a gate of cost or against a baseline in a config', () => {
  it('is checked by the run as far as it can be', async () => {
    const { code, stdout } = await mlx([
      ...['run', config('line-regression.yaml'), '--experiments', experiments, '--set'],
      'expect=["parameters <= 1", "test.r2 >= baseline"]',
    ]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/expected ✗ +parameters <= 1, found 2/);
    const { expectations } = readJson(runFolder(experiments, 'line-regression'), 'result.json');
    expect(expectations).toHaveLength(1);
  });

  it('is no reason to stop a training', async () => {
    const { code, stderr } = await mlx([
      ...['check', config('perceptron.yaml'), '--set', 'training.stop_when=accuracy >= baseline'],
    ]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/a training has no baseline run/);
  });
});
