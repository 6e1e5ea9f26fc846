import { describe, expect, it } from 'vitest';
import type { Lock } from '../../src/record/index.ts';
import { type Environment, environmentChecks } from '../../src/study/reproduce/before.ts';

const versions = {
  mlx: '0.1.0',
  node: '20.20.2',
  v8: '11.3',
  'onnxruntime-node': '1.30.0',
  lockfile_sha256: null,
};
const cpu = { model: 'EPYC', cores: 2, flags: 'avx avx2 avx512f fma', class: 'AVX-512' };
const here: Environment = {
  versions,
  platform: 'linux',
  arch: 'x64',
  cpuClass: 'AVX-512',
  cpuModel: 'EPYC',
};
const machine = { platform: 'linux', arch: 'x64', libc: null, cpu, locale: 'en', time_zone: 'UTC' };
const checks = (more: object, now: Partial<Environment> = {}) =>
  environmentChecks({ versions, machine: { ...machine, ...more } } as Lock, { ...here, ...now });

describe('the environment of a run that is done again', () => {
  it('is the same by versions, platform and CPU class', () => {
    expect(checks({})).toEqual([
      {
        name: 'version',
        outcome: 'identical',
        text: 'mlx 0.1.0, node 20.20.2, v8 11.3, onnxruntime-node 1.30.0',
      },
      { name: 'machine', outcome: 'identical', text: 'platform linux, arch x64, CPU class AVX-512' },
    ]);
    // Another model of the same class computes the same bits.
    expect(checks({}, { cpuModel: 'Xeon' })[1]!.outcome).toBe('identical');
  });

  it('names another CPU class, also by the flags of an older lock', () => {
    const now = { cpuClass: 'AVX2', cpuModel: 'Ryzen' };
    const told = { name: 'machine', outcome: 'different', text: 'CPU class AVX-512 → AVX2' };
    expect(checks({}, now)[1]).toEqual(told);
    expect(checks({ cpu: { ...cpu, class: undefined } }, now)[1]).toEqual(told);
    expect(checks({ cpu: { model: 'EPYC', cores: 2, flags: cpu.flags } })[1]!.outcome).toBe('identical');
  });

  it('says what it can’t tell, unless the model is the same', () => {
    const old = { cpu: { model: 'EPYC', cores: 2, flags: null } };
    expect(checks(old)[1]).toMatchObject({
      outcome: 'identical',
      text: expect.stringMatching(/, CPU EPYC$/),
    });
    expect(checks(old, { cpuModel: 'Xeon' })[1]).toMatchObject({
      outcome: 'different',
      text: 'CPU class (unknown) → AVX-512',
    });
    const nothing = { cpuClass: null, cpuModel: null };
    expect(checks({}, nothing)[1]!.text).toBe('CPU class AVX-512 → (unknown)');
    expect(checks(old, nothing)[1]).toMatchObject({
      outcome: 'different',
      text: 'CPU class (unknown) → (unknown)',
    });
  });

  it('takes a lock that has none of it', () => {
    for (const lock of [{}, { versions: null, machine: 'x' }, { machine: { cpu: null } }])
      expect(environmentChecks(lock as unknown as Lock, here).map((c) => c.outcome)).toEqual([
        'different',
        'different',
      ]);
  });
});
