import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallSubject } from './small.ts';
import { nameOf, straceMissing } from './strace.ts';
import { makeReference, type Subject } from './subject.ts';
import { type Case, casesOf, disturb, type Scenario, scenarios } from './sweep.ts';

const missing = straceMissing();
if (missing) console.warn(`skipped, faults at system calls: ${missing}`);
const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'mlx-crash-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The same ones each time, from all over the run. `npm run bench:kill` takes all. */
function sample(cases: readonly Case[], count: number): Case[] {
  return Array.from({ length: count }, (_, i) => cases[Math.floor(((i + 0.37) * cases.length) / count)]!);
}

describe.skipIf(missing)('a fault at a system call', () => {
  let small: Subject;
  let all: Scenario[];
  beforeAll(async () => {
    small = await makeReference(smallSubject(root, folder));
    all = await scenarios(small);
  });

  it.each(['run', 'resume'])(
    'of mlx %s leaves a folder that every command takes and resume finishes',
    async (name) => {
      const scenario = all.find((s) => s.name === name)!;
      const { calls, cases } = await casesOf(small, scenario);
      expect(calls).toBeGreaterThan(40);
      for (const each of sample(cases, 9)) {
        const { problems } = await disturb(small, scenario, each, `${name}-${cases.indexOf(each)}`);
        expect(problems, `${each.fault} at ${nameOf(each.call)}`).toEqual([]);
      }
    },
  );
});
