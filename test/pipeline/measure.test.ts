import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { inChild, type measure, NotMeasured, type survey } from '../../src/train/measure.ts';
import { matmulWorkload } from '../../src/train/measured-plans.ts';
import { root } from '../cli/mlx.ts';

const JOB = { kind: 'survey', threads: 1 } as const;
const built = pathToFileURL(join(root, 'dist/measure-child.js'));

/** A program that behaves badly. */
function program(text: string): URL {
  const file = join(mkdtempSync(join(tmpdir(), 'mlx-')), 'child.cjs');
  writeFileSync(file, text);
  return pathToFileURL(file);
}

describe('work in a process of its own', () => {
  it('survives a crash of it', async () => {
    const crash = program('process.on("message", () => process.kill(process.pid, "SIGSEGV"));');
    await expect(inChild(JOB, 10, crash)).rejects.toThrow('its process ended with SIGSEGV');
  });
  it('survives an end without an answer', async () => {
    await expect(inChild(JOB, 10, program('process.on("message", () => process.exit(7));'))).rejects.toThrow(
      'its process ended with code 7',
    );
    await expect(inChild(JOB, 10, program('syntax error'))).rejects.toThrow('its process ended with code 1');
  });
  it('ends one that hangs', async () => {
    await expect(inChild(JOB, 0.3, program('for (;;);'))).rejects.toThrow('no answer within 0.3 s');
  });
  it('keeps what a driver prints to itself and hands over its answer', async () => {
    const chatty = program(
      'process.on("message", () => { console.error("driver!"); process.send({ ok: true, value: new Map([[1, 2]]) }, () => process.exit()); });',
    );
    expect(await inChild(JOB, 10, chatty)).toEqual(new Map([[1, 2]]));
  });
});

describe('the built child', () => {
  const { plan, state, program: name, inputs } = matmulWorkload(16);
  const job = {
    kind: 'measure' as const,
    plan,
    state: [...state],
    program: name,
    inputs,
    warmup: 1,
    runs: 5,
    seconds: 1,
  };
  it.each([
    ['onnx', { type: 'onnx', options: { threads: 1 } }],
    ['gpujs', { type: 'gpujs', options: { threads: 1, mode: 'webasm' as const } }],
  ])('measures %s', async (type, engine) => {
    const measured = (await inChild({ ...job, engine }, 60, built)) as Awaited<ReturnType<typeof measure>>;
    expect(measured).toMatchObject({ info: { type, threads: 1 }, runs: 5 });
    expect(measured.milliseconds).toBeGreaterThan(0);
  });
  it('tells why an engine could not', async () => {
    const engine = { type: 'gpujs', options: { threads: 1, mode: 'headlessgl' as const } };
    const env = process.env['DISPLAY'];
    delete process.env['DISPLAY'];
    const failure = await inChild({ ...job, engine }, 60, built).catch((error) => error as NotMeasured);
    if (env !== undefined) process.env['DISPLAY'] = env;
    if (!(failure instanceof NotMeasured)) throw new Error('it was measured');
    expect(failure.message).toMatch(/^gpu\.js can't run in mode headlessgl: /);
    expect(failure.help).toBeTruthy();
  });
  it('surveys the modes', async () => {
    const reports = (await inChild(JOB, 60, built)) as Awaited<ReturnType<typeof survey>>;
    expect(reports.map((r) => r.mode)).toEqual(['webgpu', 'headlessgl', 'webasm', 'cpu']);
  });
});
