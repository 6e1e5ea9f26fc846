import { describe, expect, it } from 'vitest';
import type { BaselineReport } from '../../src/protocol/baseline-report.ts';
import type { Result } from '../../src/protocol/result.ts';
import type { Lock } from '../../src/record/index.ts';
import { type Environment, environmentChecks } from '../../src/study/reproduce/environment-checks.ts';
import { baselineCheck, type Compared } from '../../src/study/reproduce/result-checks.ts';
import { compareSeries } from '../../src/study/reproduce/series.ts';

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

describe('the baselines of a run that is done again', () => {
  const model = (name: string, value: number | null, train_examples = 100) => ({
    name,
    value,
    train_examples,
    difference: 0.1,
    seconds: Math.random(), // of no account
  });
  const report = (...models: ReturnType<typeof model>[]) =>
    ({ baselines: { metric: 'accuracy', models } as unknown as BaselineReport }) as Result;
  const both = [model('majority', 0.5), model('knn', 0.8)];
  const check = (was: Result | undefined, is: Result | undefined, strict = true) => {
    const compared: Compared = (name, a, b) => compareSeries(name, a, b, 1e-3, strict);
    return baselineCheck({ result: was }, { result: is }, compared);
  };

  it.each([
    ['another value', [model('majority', 0.5), model('knn', 0.7)], 'knn: accuracy 0.8 → 0.7'],
    ['fewer rows', [model('majority', 0.5, 90), model('knn', 0.7)], 'majority: train_examples 100 → 90'],
    ['one that is gone', [model('knn', 0.8)], 'majority: train_examples is missing'],
    ['one that is new', [...both, model('tree', 0.9)], 'tree: train_examples is new'],
    ['a value that is undefined', [model('majority', 0.5), model('knn', null)], 'knn: accuracy is missing'],
    ['none', [], 'majority: train_examples is missing'],
  ])('names the first that differs: %s', (_, models, text) => {
    expect(check(report(...both), report(...models))).toEqual([
      { name: 'baselines', outcome: 'different', text },
    ]);
  });

  it('are identical, or within the tolerance where bits aren’t owed', () => {
    expect(check(report(...both), report(model('majority', 0.5), model('knn', 0.8)))).toMatchObject([
      { outcome: 'identical', text: '4 numbers' },
    ]);
    const close = report(model('majority', 0.5), model('knn', 0.8001));
    expect(check(report(...both), close)).toMatchObject([{ outcome: 'different' }]);
    expect(check(report(...both), close, false)).toMatchObject([{ outcome: 'within tolerance' }]);
  });

  it('are no matter where there are none, and not checked where the reference has none', () => {
    expect(check({} as Result, undefined)).toEqual([]);
    expect(check({} as Result, report(...both))).toMatchObject([{ outcome: 'not checked' }]);
    expect(check(report(...both), undefined)).toMatchObject([{ outcome: 'different' }]);
  });
});
