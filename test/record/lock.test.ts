import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type LockInput, makeLock } from '../../src/record/index.ts';
import { result, scratch } from './helpers.ts';

const root = join(import.meta.dirname, '../..');
const json = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'));
const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');

const inputIn = (base: string, more: Partial<LockInput> = {}): LockInput => ({
  folder: join(base, 'experiments/digits/7f3a'),
  configFile: join(base, 'configs/digits.yaml'),
  configText: 'name: digits\n',
  planText: 'plan\n',
  engine: { ...result.engine, options: { z: 1, a: true } },
  files: [{ name: 'digits.bin', bytes: 4, sha256: 'ab' }],
  splits: { train: { count: 7, sha256: '01' }, test: { count: 3, sha256: '02' } },
  seed: 42,
  ...more,
});

function project(): string {
  const base = scratch();
  mkdirSync(join(base, 'configs'));
  writeFileSync(join(base, 'configs/digits.yaml'), 'name: digits\n');
  return base;
}

describe('makeLock', () => {
  it('pins what decides the result', async () => {
    const base = project();
    const measured = { onnx: 5.02, gpujs: 14 };
    const lock = await makeLock(inputIn(base, { engineReason: 'the only one', engineMeasured: measured }));
    expect(JSON.stringify(lock.engine)).toContain('"milliseconds":{"gpujs":14,"onnx":5.02}');
    expect(lock).toMatchObject({
      format: 1,
      seed: 42,
      config: { file: '../../../configs/digits.yaml', sha256: sha256('name: digits\n') },
      plan: { sha256: sha256('plan\n') },
      engine: { type: 'onnx', provider: 'cpu', threads: 2, version: '1.30.0', reason: 'the only one' },
      data: {
        files: [{ name: 'digits.bin', bytes: 4, sha256: 'ab' }],
        splits: { train: { count: 7, sha256: '01' }, test: { count: 3, sha256: '02' } },
      },
      versions: {
        mlx: json('package.json').version,
        node: process.versions.node,
        v8: process.versions.v8,
        'onnxruntime-node': json('node_modules/onnxruntime-node/package.json').version,
        lockfile_sha256: sha256(readFileSync(join(root, 'package-lock.json'))),
      },
      git: null,
      machine: { platform: process.platform, arch: process.arch },
    });
    expect(lock.machine.cpu.cores).toBeGreaterThan(0);
    expect(lock.machine.time_zone).not.toBe('');
    const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
    if (header.glibcVersionRuntime) expect(lock.machine.libc).toBe(`glibc ${header.glibcVersionRuntime}`);
  });

  it('names no place of this machine', async () => {
    const base = project();
    const text = JSON.stringify(await makeLock(inputIn(base)));
    for (const secret of [base, root, homedir(), process.execPath]) expect(text).not.toContain(secret);
    expect(text).not.toMatch(/"\/|"[A-Z]:\\/);
    if (hostname().length > 3) expect(text).not.toContain(hostname());
  });

  it('is the same text for the same run, whatever the order of its input', async () => {
    const input = inputIn(project());
    const { engine, splits } = input;
    const turned: LockInput = {
      ...input,
      splits: { test: splits['test']!, train: splits['train']! },
      engine: {
        options: { a: true, z: 1 },
        version: engine.version,
        threads: engine.threads,
        provider: engine.provider,
        type: engine.type,
      },
    };
    expect(JSON.stringify(await makeLock(turned))).toBe(JSON.stringify(await makeLock(input)));
    expect(Object.keys((await makeLock(input)).engine.options)).toEqual(['a', 'z']);
  });

  it('tells the commit of the config and whether it was changed', async (context) => {
    const base = project();
    const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
    const git = (...args: string[]) =>
      execFileSync('git', ['-C', base, '-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], {
        env,
        encoding: 'utf8',
      }).trim();
    try {
      git('init', '-q');
    } catch {
      console.warn('skipped, git state: git is not installed');
      context.skip();
    }
    expect((await makeLock(inputIn(base))).git).toBeNull(); // nothing is committed yet
    git('add', '.');
    git('commit', '-qm', 'one');
    const commit = git('rev-parse', 'HEAD');
    expect((await makeLock(inputIn(base))).git).toEqual({ commit, dirty: false });
    writeFileSync(join(base, 'configs/digits.yaml'), 'name: other\n');
    expect((await makeLock(inputIn(base))).git).toEqual({ commit, dirty: true });
  });

  it('runs no program that a repository’s config names', async () => {
    const base = project();
    const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
    const git = (...args: string[]) => execFileSync('git', ['-C', base, ...args], { env, stdio: 'pipe' });
    git('init', '-q');
    git('add', '.');
    git('-c', 'user.name=a', '-c', 'user.email=a@b.c', 'commit', '-qm', 'one');
    const trace = join(base, 'ran');
    writeFileSync(join(base, 'monitor.sh'), `#!/bin/sh\necho ran > '${trace}'\n`, { mode: 0o755 });
    git('config', 'core.fsmonitor', join(base, 'monitor.sh'));
    expect((await makeLock(inputIn(base))).git).not.toBeNull();
    expect(() => readFileSync(trace)).toThrow();
  });
});
