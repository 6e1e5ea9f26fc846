import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { config, lines, mlx, readJson, runFolder, scratch } from './mlx.ts';

describe('mlx engines', () => {
  it('lists every engine and mode', async () => {
    const { code, stdout, stderr } = await mlx(['engines', '--no-measure']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const named = stdout.split('\n').flatMap((line) => /^[✓✗] (\S+)/.exec(line)?.[1] ?? []);
    expect(named).toEqual([
      'onnx',
      'gpujs:webgpu',
      'gpujs:headlessgl',
      'gpujs:webasm',
      'gpujs:cpu',
      'reference',
    ]);
    expect(stdout).toMatch(/^✓ gpujs:webasm +CPU, \d+ thread/m);
  });

  it('measures what is there', async () => {
    const { code, stdout } = await mlx(['engines', '--json', '--threads', '1']);
    expect(code).toBe(0);
    const reports = lines(stdout);
    for (const name of ['onnx', 'gpujs:webasm', 'gpujs:cpu']) {
      const found = reports.find((r) => r.engine === name);
      expect(found.matmul.gflops, name).toBeGreaterThan(0.01);
      expect(found.step.gflops, name).toBeGreaterThan(0.01);
    }
  });

  it('refuses silly threads', async () => {
    const { code, stderr } = await mlx(['engines', '--threads', 'two']);
    expect(code).toBe(2);
    expect(stderr).toContain('--threads takes a whole number from 1 to 1024, found "two"');
  });
});

describe('mlx run --engine gpujs', () => {
  const run = (engine: string, experiments: string) =>
    mlx([
      'run',
      config('line-regression.yaml'),
      '--engine',
      engine,
      '--set',
      'expect=[]',
      '--experiments',
      experiments,
    ]);

  it('says on screen, in the lock, the events and the result which mode ran', async () => {
    const experiments = scratch();
    const { code, stdout, stderr } = await run('gpujs:webasm', experiments);
    expect(code).toBe(0);
    expect(stdout + stderr).toMatch(/gpujs webasm×\d+/);
    const folder = runFolder(experiments, 'line-regression');
    const ran = {
      type: 'gpujs',
      provider: 'webasm',
      version: '2.24.1',
      options: { mode: 'webasm', hardware: false },
    };
    expect(readJson(folder, 'lock.json').engine).toMatchObject(ran);
    expect(readJson(folder, 'result.json').engine).toMatchObject(ran);
    const [started] = lines(readFileSync(join(folder, 'events.ndjson'), 'utf8'));
    expect(started).toMatchObject({ type: 'run_started', engine: ran });
  });

  it('fails before anything is written where the mode is missing', async () => {
    const experiments = scratch();
    const { code, stderr } = await mlx(
      ['run', config('line-regression.yaml'), '--engine', 'gpujs:headlessgl', '--experiments', experiments],
      { env: { ...process.env, CI: '1', NO_COLOR: '1', DISPLAY: '' } },
    );
    expect(code).toBe(4);
    expect(stderr).toMatch(/error\[mode-unavailable\]: gpu\.js can't run in mode headlessgl: .+\n {2}help: /);
    expect(() => runFolder(experiments, 'line-regression')).toThrow();
  });
});
