import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { smallSubject } from './small.ts';
import { plain } from './strace.ts';
import { differences, makeReference, mlx, type Subject } from './subject.ts';

const folder = mkdtempSync(join(tmpdir(), 'mlx-together-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const experiments = join(folder, 'experiments');
let small: Subject;
beforeAll(async () => {
  small = await makeReference(smallSubject(join(import.meta.dirname, '../..'), folder));
});
const all = (args: readonly string[]) =>
  Promise.all(Array.from({ length: 8 }, () => plain(mlx(small, [...args, '--experiments', experiments]))));

it('eight runs at once in one experiments folder get folders of their own, and none disturbs another', async () => {
  for (const { code, stderr } of await all(small.args)) expect(code, stderr).toBe(0);
  const ids = readdirSync(join(experiments, 'small'));
  expect(ids).toHaveLength(8);
  for (const id of ids) expect(differences(small, join(experiments, 'small', id))).toEqual([]);
  const { stdout } = await plain(mlx(small, ['list', '--json', '--experiments', experiments]));
  const runs = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(runs.map(({ status, problems }) => [status, problems])).toEqual(ids.map(() => ['completed', []]));
});

it('of eight resumes of one run at once, one finishes it and the others say why not', async () => {
  const [id, ...others] = readdirSync(join(experiments, 'small'));
  for (const other of others) rmSync(join(experiments, 'small', other), { recursive: true });
  const run = join(experiments, 'small', id!);
  rmSync(join(run, 'result.json')); // as a kill just before leaves it
  const ended = await all(['resume', id!]);
  expect(ended.filter(({ code }) => code === 0)).toHaveLength(1);
  for (const { code, stderr } of ended)
    if (code !== 0) expect(stderr).toMatch(/error\[(run-busy|already-completed)\]/);
  expect(differences(small, run)).toEqual([]);
});
