import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import type { ModeReport } from '../../src/engines/gpujs/modes.ts';
import type { EngineInfo } from '../../src/protocol/engine-info.ts';
import { chooseEngine, type Probe } from '../../src/train/choose-engine.ts';
import { type MeasureJob, NotMeasured } from '../../src/train/measure.ts';
import { stepWorkload } from '../../src/train/measured-plans.ts';

const { plan, state, inputs } = stepWorkload();
const trial = { plan, state, inputs: () => inputs };
const config = (engine?: string) =>
  loadConfig(join(import.meta.dirname, '../../configs/mnist-mlp.yaml'), { set: ['engine.threads=2'], engine })
    .config.engine;

const gpu: ModeReport = { mode: 'webgpu', available: true, hardware: true, device: 'NVIDIA H100' };
const software: ModeReport = { ...gpu, hardware: false, device: 'SwiftShader' };
const none: ModeReport = {
  mode: 'webgpu',
  available: false,
  hardware: false,
  device: '',
  reason: 'no adapter',
};

/** A made-up machine; `ms` are its step times, a text is why an engine can't run. */
function machine(modes: ModeReport[] | Error, ms: Record<string, number | string>) {
  const jobs: MeasureJob[] = [];
  const probe: Probe = {
    possible: () => true,
    survey: async () => {
      if (modes instanceof Error) throw modes;
      return modes;
    },
    measure: async (job) => {
      jobs.push(job);
      const time = ms[job.engine.type]!;
      if (typeof time === 'string') throw new NotMeasured(time);
      return { info: {} as EngineInfo, milliseconds: time, runs: 7 };
    },
  };
  return { probe, jobs };
}

describe('engine: auto', () => {
  it('asks nothing of a machine that can have no GPU', async () => {
    const fail = () => {
      throw new Error('asked');
    };
    const probe = { possible: () => false, survey: fail, measure: fail };
    expect(await chooseEngine(config(), { ...trial, inputs: fail }, probe)).toEqual({
      type: 'onnx',
      options: { threads: 2, layout: 'fast' },
      reason: 'auto: onnx, on the CPU: no GPU here',
    });
  });

  it('takes a hardware GPU that is faster, on the run’s own plan, and pins its mode', async () => {
    const { probe, jobs } = machine([gpu, none], { gpujs: 1.25, onnx: 5.02 });
    expect(await chooseEngine(config(), trial, probe)).toEqual({
      type: 'gpujs',
      options: { threads: 2, layout: 'fast', mode: 'webgpu', allowFallback: false },
      measured: { gpujs: 1.25, onnx: 5.02 },
      reason: 'auto: gpujs webgpu (NVIDIA H100) 1.25 ms, onnx cpu×2 5.02 ms a step',
    });
    expect(jobs.map((j) => j.engine.type)).toEqual(['gpujs', 'onnx']);
    for (const job of jobs) {
      expect(job.program).toBe('train');
      expect(job.inputs).toBe(inputs);
      expect(job.plan).toBe(plan);
      for (const [name, values] of job.state) expect(values).toBe(state.get(name));
    }
  });

  it('stays with onnx where that is faster', async () => {
    const { probe } = machine([gpu], { gpujs: 14, onnx: 5.02 });
    expect(await chooseEngine(config(), trial, probe)).toMatchObject({
      type: 'onnx',
      measured: { gpujs: 14, onnx: 5.02 },
      reason: 'auto: onnx cpu×2 5.02 ms, gpujs webgpu (NVIDIA H100) 14.0 ms a step',
    });
  });

  it.each<[string, ModeReport[] | Error, Record<string, number | string>, string, string]>([
    ['software plays a GPU', [software], {}, 'onnx', 'on the CPU: no GPU answers'],
    ['no adapter answers', [none], {}, 'onnx', 'on the CPU: no GPU answers'],
    [
      'the driver crashes',
      new NotMeasured('its process ended with SIGSEGV'),
      {},
      'onnx',
      'no GPU answers (its process ended with SIGSEGV)',
    ],
    [
      'the plan does not fit the GPU',
      [gpu],
      { gpujs: 'out of memory' },
      'onnx',
      "(NVIDIA H100) can't run this plan (out of memory)",
    ],
    [
      'onnx can not run',
      [gpu],
      { gpujs: 2, onnx: 'no binary' },
      'gpujs',
      "onnx can't run this plan (no binary)",
    ],
  ])('decides where %s', async (_, modes, ms, type, reason) => {
    const choice = await chooseEngine(config(), trial, machine(modes, ms).probe);
    expect(choice).toMatchObject({ type, reason: expect.stringContaining(reason) });
  });

  it('measures nothing where the engine is named', async () => {
    const { probe, jobs } = machine([gpu], { gpujs: 1, onnx: 5 });
    expect(await chooseEngine(config('onnx'), trial, probe)).toEqual({
      type: 'onnx',
      options: { threads: 2, layout: 'fast' },
    });
    expect(await chooseEngine(config('gpujs:cpu'), trial, probe)).toEqual({
      type: 'gpujs',
      options: { threads: 2, layout: 'fast', mode: 'cpu', allowFallback: false },
    });
    expect((await chooseEngine(config('gpujs'), trial, probe)).options.mode).toBeUndefined();
    expect((await chooseEngine(config('reference'), trial, probe)).options.threads).toBe(1);
    expect(jobs).toEqual([]);
  });
});
