import { describe, expect, it } from 'vitest';
import { cpuClass, cpuClassOf, sysctlFeatures } from '../../src/record/cpu-class.ts';
import { type Machine, recordedCpuClass } from '../../src/record/machine.ts';

describe('the class of a CPU', () => {
  it.each([
    ['x64', 'fpu sse2 avx avx2 fma avx512f avx512vl', 'AVX-512'],
    ['x64', 'sse2 avx avx2 fma', 'AVX2'],
    ['x64', 'sse2 avx avx2', 'AVX'], // AVX2 without fused multiply-add gets other kernels
    ['x64', 'sse2', 'SSE2'],
    ['x64', '', null],
    ['arm64', 'fp asimd sve sme', 'SME'],
    ['arm64', 'fp asimd sve', 'SVE'],
    ['arm64', 'fp asimd', 'NEON'],
    ['riscv64', 'avx512f', null],
    ['__proto__', 'avx512f', null],
  ])('on %s, %s: %s', (arch, flags, found) => {
    expect(cpuClassOf(arch, flags.split(' '))).toBe(found);
  });

  it('is read of what macOS says', () => {
    const intel =
      'hw.optional.avx1_0: 1\nhw.optional.avx2_0: 1\nhw.optional.avx512f: 0\nhw.optional.fma: 1\n';
    expect(cpuClassOf('x64', sysctlFeatures(intel))).toBe('AVX2');
    expect(cpuClassOf('x64', sysctlFeatures(intel.replace('512f: 0', '512f: 1')))).toBe('AVX-512');
    const m1 = 'hw.optional.arm.AdvSIMD: 1\nhw.optional.arm.FEAT_SME: 0\nhw.optional.floatingpoint: 1\n';
    expect(cpuClassOf('arm64', sysctlFeatures(m1))).toBe('NEON');
    expect(cpuClassOf('arm64', sysctlFeatures(m1.replace('SME: 0', 'SME: 1')))).toBe('SME');
    expect(sysctlFeatures('hw.optional.constructor: 1\nsysctl: unknown oid\n')).toEqual([]);
  });

  it('is known here', async () => {
    if (process.platform === 'win32') return expect(await cpuClass()).toBeNull();
    expect(await cpuClass()).toMatch(/^(AVX-512|AVX2?|SSE2|SME|SVE|NEON)$/);
  });

  it('of an older lock follows from its flags, of one without them from nothing', () => {
    const of = (cpu: unknown, arch: unknown = 'x64') => recordedCpuClass({ arch, cpu } as Machine);
    expect(of({ flags: 'avx avx2 avx512f fma sse2' })).toBe('AVX-512');
    expect(of({ flags: 'avx avx2 avx512f fma sse2', class: 'AVX2' })).toBe('AVX2');
    for (const cpu of [{ flags: null }, { flags: 3, class: 4 }, null, 'x']) expect(of(cpu)).toBeNull();
    expect(of({ flags: 'avx' }, 7)).toBeNull();
    expect(recordedCpuClass(undefined)).toBeNull();
  });
});
