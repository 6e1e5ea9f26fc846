import { createRequire } from 'node:module';
import { describe, expect, it, vi } from 'vitest';
import { assertRan, type Executed } from '../../../src/engines/gpujs/assert-ran.ts';
import { openGpu } from '../../../src/engines/gpujs/modes.ts';
import { MlxError } from '../../../src/errors.ts';
import type { GpujsMode } from '../../../src/protocol/engine-names.ts';

const SCALE = 'function (a) { return a[this.thread.x] * 2; }';
const PAIRS = 'function (a) { return [a[this.thread.x], 1, 2, 3]; }';
const FIRST = 'function (a) { return a[this.thread.x][0]; }';
const x = Float32Array.from({ length: 8 }, (_, i) => i);

const check = (executed: Executed, mode: GpujsMode, allow = false) =>
  assertRan('the step', executed, mode, allow);
function caught(work: () => unknown): MlxError {
  try {
    work();
  } catch (error) {
    if (error instanceof MlxError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('what really ran', () => {
  it('takes a fused pipeline on webasm for what it is', async () => {
    const { gpu } = await openGpu('webasm', { threads: 2 });
    const [a, b] = [1, 2].map(() => gpu.createKernel(SCALE, { output: [8] }));
    const step = gpu.createPipeline((v: unknown) => b!(a!(v as never) as never));
    expect(Array.from((await step(x as never)) as unknown as Float32Array)).toEqual(
      Array.from(x, (v) => v * 4),
    );
    expect(check(step, 'webasm')).toEqual({ backend: 'webasm', executor: 'fused-sync' });
    gpu.destroy();
  });

  it('is an error where an Array(4) intermediate makes gpu.js run step by step', async () => {
    const { gpu } = await openGpu('webasm');
    const pairs = gpu.createKernel(PAIRS, { output: [8] });
    const first = gpu.createKernel(FIRST, { output: [8] });
    const step = gpu.createPipeline((v: unknown) => first(pairs(v as never) as never));
    await step(x as never);
    const error = caught(() => check(step, 'webasm'));
    expect(error).toMatchObject({ code: 'engine-fallback', exit: 4 });
    expect(error.message).toBe(
      'gpu.js did not run the step as asked in mode webasm, but step by step (generic): ' +
        'a step returning Array(4) cannot feed another step in the fused executor',
    );
    expect(error.details.help).toContain('allow_fallback: true');
    expect(check(step, 'webasm', true)).toMatchObject({
      executor: 'generic',
      fallback: expect.stringContaining('Array(4)'),
    });
    gpu.destroy();
  });

  it('is an error where a kernel of webasm ends on the CPU', async () => {
    const { gpu } = await openGpu('webasm');
    const source = 'function (a) { const p = a[this.thread.x]; return p[1]; }';
    const kernel = gpu.createKernel(source, { output: [2], argumentTypes: ['Array1D(2)'] as never });
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const pairs = [Float32Array.of(1, 2), Float32Array.of(3, 4)];
    expect(Array.from(kernel(pairs as never) as Float32Array)).toEqual([2, 4]);
    warn.mockRestore();
    expect(caught(() => check(kernel, 'webasm')).message).toMatch(
      /on cpu: argument "a" of type Array1D\(2\)/,
    );
    gpu.destroy();
  });

  it('is an error for a reason even where the backend is right', () => {
    const fused = { executorKind: 'fused-encoder', backend: 'webgpu', fallbackReason: null };
    expect(check(fused, 'webgpu')).toEqual({ backend: 'webgpu', executor: 'fused-encoder' });
    expect(caught(() => check({ ...fused, fallbackReason: 'device lost' }, 'webgpu')).message).toContain(
      'device lost',
    );
    expect(caught(() => check({ ...fused, executorKind: 'generic' }, 'webgpu')).message).toContain(
      'no reason',
    );
    expect(
      caught(() => check({ ...fused, backend: 'cpu', executorKind: 'generic' }, 'webgpu')).message,
    ).toContain('on cpu');
    expect(caught(() => check({ ...fused, backend: null }, 'webgpu')).message).toContain('on nothing');
  });

  it('knows gpu.js’s own name for headlessgl', () => {
    const reason = 'pipeline backend is gpu; the fused executor requires webasm';
    const pipeline = { executorKind: 'generic', backend: 'gpu', fallbackReason: reason };
    expect(check(pipeline, 'headlessgl')).toEqual({ backend: 'headlessgl', executor: 'generic' });
    expect(caught(() => check({ ...pipeline, backend: 'cpu' }, 'headlessgl')).message).toContain('on cpu');
  });

  it('knows that cpu has no other executor than the generic one', async () => {
    const { gpu } = await openGpu('cpu');
    const kernel = gpu.createKernel(SCALE, { output: [8] });
    const step = gpu.createPipeline((v: unknown) => kernel(v as never));
    await step(x as never);
    expect(check(step, 'cpu')).toEqual({ backend: 'cpu', executor: 'generic' });
    kernel(x as never);
    expect(check(kernel, 'cpu')).toEqual({ backend: 'cpu', executor: 'kernel' });
    expect(caught(() => check(step, 'webasm')).message).toContain('but on cpu');
    gpu.destroy();
  });

  it('reads what gpu.js 2.24.1 tells', () => {
    expect(createRequire(import.meta.url)('gpu.js/package.json').version).toBe('2.24.1');
  });
});
