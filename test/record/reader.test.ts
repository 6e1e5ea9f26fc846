import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/protocol/events.ts';
import { findRun, listRuns, openRun, readRun } from '../../src/record/index.ts';
import { epoch, failureOf, newRun, result, scratch, step } from './helpers.ts';

describe('readRun', () => {
  it('takes a log torn at each byte: the whole lines, no complaint, and room to go on', async () => {
    const event: fc.Arbitrary<RunEvent> = fc.oneof(
      fc.nat(99).map((n) => step(n + 1)),
      fc.nat(9).map((n) => epoch(n + 1)),
      fc
        .string({ unit: 'binary' })
        .map((text): RunEvent => ({ type: 'message', level: 'info', code: 'x', text: `}${text}{"\n` })),
    );
    const folder = scratch();
    const path = join(folder, 'events.ndjson');
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 3 }), async (events) => {
        const lines = events.map((e) => Buffer.from(`${JSON.stringify(e)}\n`));
        const whole = Buffer.concat(lines);
        const parsed = lines.map((line) => JSON.parse(line.toString()));
        for (let cut = 0; cut <= whole.length; cut++) {
          writeFileSync(path, whole.subarray(0, cut));
          let end = 0;
          // A line counts once its last brace is there, with or without its end.
          const kept = lines.filter((line) => {
            end += line.length;
            return end - 1 <= cut;
          }).length;
          const run = await readRun(folder);
          expect(run.problems).toEqual([]);
          expect(run.events).toEqual(parsed.slice(0, kept));
          const again = await openRun(folder);
          again.event(epoch(77));
          await again.close();
          const after = await readRun(folder);
          expect(after.problems).toEqual([]);
          expect(after.events).toEqual([...parsed.slice(0, kept), epoch(77)]);
        }
      }),
      { numRuns: 3 },
    );
  });

  it('says that a run without a result was interrupted or is running', async () => {
    const folder = await newRun(scratch());
    folder.event(epoch(1));
    const run = await readRun(folder.path);
    expect(run).toMatchObject({ status: 'interrupted or running', problems: [], events: [epoch(1)] });
    expect(run.result).toBeUndefined();
    expect(run.checkpoints).toEqual({});
    await folder.close();
  });

  it('names what is damaged and shows the rest', async () => {
    const folder = await newRun(scratch());
    folder.event(epoch(1));
    folder.event(epoch(2));
    await folder.close();
    const path = join(folder.path, 'events.ndjson');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('"type"', '"tyqe"').replace(/$/, 'null\n"x"\n{"type":'));
    writeFileSync(join(folder.path, 'lock.json'), '{"seed":4');
    writeFileSync(join(folder.path, 'result.json'), '[]');
    rmSync(join(folder.path, 'plan.txt'));
    mkdirSync(join(folder.path, 'plan.txt'));
    rmSync(join(folder.path, 'checkpoints'), { recursive: true });
    const run = await readRun(folder.path);
    expect(run.status).toBe('interrupted or running');
    expect(run.events).toEqual([epoch(2)]);
    expect(run.problems).toEqual([
      'events.ndjson is damaged in line 1',
      'events.ndjson is damaged in line 3',
      'events.ndjson is damaged in line 4',
      'result.json is damaged: no JSON object',
      "plan.txt can't be read (EISDIR)",
      'lock.json is damaged: no JSON object',
    ]);
    writeFileSync(join(folder.path, 'result.json'), JSON.stringify({ ...result, status: 'splendid' }));
    expect((await readRun(folder.path)).problems).toContain('result.json has no known status');
  });

  it('reads a folder that is empty or not there', async () => {
    for (const folder of [scratch(), join(scratch(), 'gone')])
      expect(await readRun(folder)).toMatchObject({
        problems: [],
        events: [],
        status: 'interrupted or running',
      });
  });
});

describe('findRun', () => {
  it('finds a run by its id, its name and id, and its path', async () => {
    const root = scratch();
    const folder = await newRun(root);
    await folder.close();
    const id = basename(folder.path);
    for (const wanted of [id, `digits/${id}`, folder.path, `${folder.path}/`])
      expect(await findRun(root, wanted)).toBe(folder.path);
    expect(await findRun('/nowhere', folder.path)).toBe(folder.path);
    expect(await listRuns(root)).toEqual([{ name: 'digits', id, folder: folder.path }]);
  });

  /** Runs by hand, with ids of our choice. */
  function runsIn(root: string, ...places: string[]) {
    for (const place of places) {
      mkdirSync(join(root, place), { recursive: true });
      writeFileSync(join(root, place, 'config.yaml'), '');
    }
    return root;
  }

  it('lists what may be meant', async () => {
    const root = runsIn(scratch(), 'digits/7f3a', 'digits/91cc', 'houses/0a1b', 'stray');
    mkdirSync(join(root, 'digits', 'no-run'));
    const error = await failureOf(() => findRun(root, '7f3b'));
    expect(error).toMatchObject({ code: 'unknown-run', exit: 2 });
    expect(error.message).toContain('"7f3b"');
    expect(error.details.help).toMatch(/^name one of: digits\/7f3a, /);
    expect((await failureOf(() => findRun(root, 'digits'))).details.help).toBe(
      'name one of: digits/7f3a, digits/91cc',
    );
    for (const wanted of ['', '.', '..', 'digits/', 'digits/no-run', '7f3', 'x'.repeat(100_000), '\0'])
      expect((await failureOf(() => findRun(root, wanted))).code).toBe('unknown-run');
  });

  it('shortens a long list', async () => {
    const root = runsIn(scratch(), ...Array.from({ length: 9 }, (_, i) => `digits/aaa${i}`));
    expect((await failureOf(() => findRun(root, 'aaa'))).details.help).toBe(
      'name one of: digits/aaa0, digits/aaa1, digits/aaa2, digits/aaa3, digits/aaa4, and 4 more',
    );
  });

  it('asks which one, where two experiments share an id', async () => {
    const root = runsIn(scratch(), 'digits/7f3a', 'houses/7f3a');
    const error = await failureOf(() => findRun(root, '7f3a'));
    expect(error).toMatchObject({ code: 'ambiguous-run', exit: 2 });
    expect(error.details.help).toBe('name one of them: digits/7f3a, houses/7f3a');
    expect(await findRun(root, 'houses/7f3a')).toBe(join(root, 'houses/7f3a'));
  });

  it('says how to begin where there are no runs', async () => {
    const error = await failureOf(() => findRun(join(scratch(), 'experiments'), '7f3a'));
    expect(error.details.help).toContain('mlx run');
  });
});
