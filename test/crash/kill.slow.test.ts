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

/** From all over the command, the same ones each time; `npm run bench:kill` takes all. */
const SAMPLE = 6;
const nth = (cases: readonly Case[], i: number): Case =>
  cases[Math.floor(((i + 0.37) * cases.length) / SAMPLE)]!;

describe.skipIf(missing)(
  'a fault at a system call leaves a folder that every command takes and resume finishes',
  () => {
    let small: Subject;
    const found = new Map<string, { scenario: Scenario; cases: readonly Case[] }>();
    beforeAll(async () => {
      small = await makeReference(smallSubject(root, folder));
      for (const scenario of await scenarios(small)) {
        const { calls, cases } = await casesOf(small, scenario);
        expect(calls, scenario.name).toBeGreaterThan(40);
        found.set(scenario.name, { scenario, cases });
      }
    }, 180_000);

    for (const name of ['run', 'resume'])
      it.each(Array.from({ length: SAMPLE }, (_, i) => i))(`of mlx ${name}, %i`, async (i) => {
        const { scenario, cases } = found.get(name)!;
        const one = nth(cases, i);
        const { problems } = await disturb(small, scenario, one, `${name}-${i}`);
        expect(problems, `${one.fault} at ${nameOf(one.call)}`).toEqual([]);
      });

    // The result is kept by then: a second one must not take its place.
    it.each(['EIO', 'ENOSPC'])('of mlx run, %s at the end of the event log', async (fault) => {
      const { scenario, cases } = found.get('run')!;
      const ofLog = ({ call }: Case) => call.name === 'fsync' && call.path.endsWith('/events.ndjson');
      const last = cases.filter((one) => one.fault === fault && ofLog(one)).at(-1)!;
      const { run, problems } = await disturb(small, scenario, last, `last-${fault}`);
      expect(problems).toEqual([]);
      expect(run).toBe(true);
    });
  },
);
