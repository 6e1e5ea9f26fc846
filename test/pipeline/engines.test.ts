import { describe, expect, it } from 'vitest';
import { engineText } from '../../src/cli/engines.ts';
import type { ModeReport } from '../../src/engines/gpujs/modes.ts';
import type { EngineInfo } from '../../src/protocol/engine-info.ts';
import { GPUJS_MODES } from '../../src/protocol/engine-names.ts';
import { NotMeasured } from '../../src/train/measure.ts';
import { type EngineReport, type EnginesPorts, surveyEngines } from '../../src/train/survey-engines.ts';

const gpu: ModeReport = { mode: 'webgpu', available: true, hardware: true, device: 'NVIDIA H100' };
const gl: ModeReport = {
  mode: 'headlessgl',
  available: false,
  hardware: false,
  device: '',
  reason: 'the package gl is not installed',
  help: 'npm install gl',
};
const webasm: ModeReport = { mode: 'webasm', available: true, hardware: false, device: '2 threads' };

const ports: EnginesPorts = {
  survey: async () => [gpu, gl, webasm],
  measure: async ({ engine, program }) => {
    if (engine.options.mode === 'webgpu' && program === 'train')
      throw new NotMeasured('its process ended with SIGSEGV');
    return { info: {} as EngineInfo, milliseconds: 4, runs: 15 };
  },
};

describe('every engine of a machine', () => {
  it('is listed, measured where it can be, and never ends the list', async () => {
    const told: EngineReport[] = [];
    const reports = await surveyEngines({ measure: true, threads: 2, report: (r) => told.push(r) }, ports);
    expect(told).toEqual(reports);
    expect(reports.map((r) => r.engine)).toEqual([
      'onnx',
      'gpujs:webgpu',
      'gpujs:headlessgl',
      'gpujs:webasm',
      'reference',
    ]);
    const [onnx, webgpu, headless, , reference] = reports;
    // 2 x 512^3 operations in 4 ms
    expect(onnx!.matmul).toEqual({ milliseconds: 4, gflops: (2 * 512 ** 3) / 4e6, runs: 15 });
    // forward and weight gradients of 784x128 and 128x10, one input gradient, and some elementwise work
    const products = 2 * 128 * (2 * 784 * 128 + 3 * 128 * 10);
    expect((onnx!.step as { gflops: number }).gflops * 4e6).toBeGreaterThan(products);
    expect((onnx!.step as { gflops: number }).gflops * 4e6).toBeLessThan(products * 1.2);
    expect(webgpu).toMatchObject({ hardware: true, step: { failed: 'its process ended with SIGSEGV' } });
    expect(headless).toEqual({ ...gl, mode: undefined, engine: 'gpujs:headlessgl' });
    expect(reference!.matmul).toBeUndefined();
  });

  it('is listed even where the survey itself crashes', async () => {
    const survey = () =>
      Promise.reject(new NotMeasured('its process ended with SIGSEGV', 'look at the driver'));
    const reports = await surveyEngines({ measure: false }, { ...ports, survey });
    expect(reports.map((r) => r.engine)).toEqual([
      'onnx',
      ...GPUJS_MODES.map((m) => `gpujs:${m}`),
      'reference',
    ]);
    expect(reports[1]).toMatchObject({ available: false, reason: 'its process ended with SIGSEGV' });
    expect(reports[0]!.matmul).toBeUndefined();
  });
});

describe('an engine as text', () => {
  const base: EngineReport = {
    engine: 'gpujs:webgpu',
    available: true,
    hardware: true,
    device: 'NVIDIA H100',
  };
  it('has its speeds and device', () => {
    const speeds = {
      matmul: { milliseconds: 9.061, gflops: 29.62, runs: 15 },
      step: { milliseconds: 0.5, gflops: 101.4, runs: 15 },
    };
    expect(engineText({ ...base, ...speeds }, true)).toBe(
      '✓ gpujs:webgpu      29.6 GFLOP/s, 9.06 ms    101 GFLOP/s, 0.50 ms     NVIDIA H100',
    );
  });
  it('says software and failure', () => {
    const failed = {
      ...base,
      hardware: false,
      device: 'SwiftShader',
      matmul: { failed: 'no memory' },
      step: { failed: 'no memory' },
    };
    expect(engineText(failed, true)).toBe(
      '✓ gpujs:webgpu      failed                   failed                   SwiftShader (software, not a GPU)\n' +
        '                    failed: no memory',
    );
  });
  it('says why it is missing and how to get it, without control characters of a driver', () => {
    expect(
      engineText({ ...base, available: false, reason: 'no \u001b[31madapter', help: 'buy one' }, true),
    ).toBe('✗ gpujs:webgpu      no \\x1b[31madapter\n                    help: buy one');
  });
});
