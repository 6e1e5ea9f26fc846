import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readRun } from '../../src/record/index.ts';
import { smallSubject } from './small.ts';
import { callsIn, nameOf, plain, straceMissing, traced } from './strace.ts';
import { makeReference, mlx } from './subject.ts';

const missing = straceMissing();
const folder = mkdtempSync(join(tmpdir(), 'mlx-clean-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.skipIf(missing)(
  'mlx clean, killed anywhere, leaves whole runs or none, and ends when it is done again',
  async () => {
    const small = await makeReference(smallSubject(join(import.meta.dirname, '../..'), folder));
    const experiments = join(folder, 'experiments');
    const run = join(experiments, 'small', '0001');
    const args = ['clean', '--where', 'epochs > 0', '--yes', '--experiments', experiments];
    const fresh = () => {
      rmSync(experiments, { recursive: true, force: true });
      cpSync(join(folder, 'reference'), experiments, { recursive: true });
    };
    fresh();
    const calls = callsIn((await traced(mlx(small, args, { names: 0 }))).trace, experiments);
    expect(existsSync(run)).toBe(false);
    expect(calls.length).toBeGreaterThan(10);
    for (const [i, call] of calls.entries()) {
      if (i % 3 !== 0) continue; // each third, from the lease to the emptied trash
      fresh();
      await traced(mlx(small, args, { names: 0 }), { call, fault: 'KILL' });
      const list = await plain(mlx(small, ['list', '--json', '--experiments', experiments]));
      expect(list.code, nameOf(call)).toBe(0);
      expect(existsSync(run), nameOf(call)).toBe(list.stdout !== '');
      if (existsSync(run))
        expect(await readRun(run), nameOf(call)).toMatchObject({ status: 'completed', problems: [] });
      const again = await plain(mlx(small, args));
      expect(again.code, again.stderr).toBe(0);
      expect([run, join(experiments, '.trash')].map(existsSync), nameOf(call)).toEqual([false, false]);
    }
  },
);
