import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MlxError } from '../../src/errors.ts';
import { prepareExperiment } from '../../src/pipeline/prepare.ts';
import {
  assertSameBits,
  assertUnchanged,
  lastCheckpoint,
  type Reopened,
  reopen,
} from '../../src/pipeline/reopen.ts';
import { stages } from '../../src/pipeline/stages.ts';
import { readBrief, readRun, stateHash } from '../../src/record/index.ts';
import { runLines } from '../../src/report/run-details.ts';
import { compareRuns } from '../../src/study/compare.ts';
import { listExperiments } from '../../src/study/list/list.ts';
import { smallSubject } from './small.ts';
import { makeReference, type Subject } from './subject.ts';

const folder = mkdtempSync(join(tmpdir(), 'mlx-damage-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let subject: Subject;
let prepared: Awaited<ReturnType<typeof prepareExperiment>>;
/** All that decides the weights of a resumed run. */
let whole: string;
/** The reference as a kill would leave it after its last checkpoint. */
let stopped: string;

beforeAll(async () => {
  subject = await makeReference(smallSubject(join(import.meta.dirname, '../..'), folder));
  stopped = join(folder, 'stopped/small/0001');
  cpSync(subject.reference, stopped, { recursive: true });
  rmSync(join(stopped, 'result.json'));
  prepared = await prepareExperiment(
    (await reopen('0001', stopped)).loaded,
    stages(() => {}),
  );
  whole = await resumed(stopped);
});

/** What `mlx resume` would go on with. @throws MlxError */
async function resumed(run: string): Promise<string> {
  const reopened: Reopened = await reopen('0001', run);
  assertUnchanged(reopened, prepared.data, prepared.plan);
  const { state, best, progress } = await lastCheckpoint(reopened, prepared.plan);
  assertSameBits(reopened.lock, (await readRun(subject.reference)).result!.engine);
  const { config } = reopened.loaded;
  return JSON.stringify([config, stateHash(state), best && stateHash(best), progress, reopened.engine.type]);
}

/** Anywhere in any file of a run: one bit turned, or the rest cut off. */
const damages = (files: readonly string[]) =>
  fc.record({
    file: fc.constantFrom(...files),
    at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    bit: fc.option(fc.integer({ min: 0, max: 7 })),
  });

function damaged(run: string, { file, at, bit }: { file: string; at: number; bit: number | null }): string {
  const copy = join(mkdtempSync(join(folder, 'copy-')), 'small/0001');
  cpSync(run, copy, { recursive: true });
  const bytes = readFileSync(join(copy, file));
  const place = Math.floor(at * bytes.length);
  if (bit !== null) bytes[place]! ^= 1 << bit;
  writeFileSync(join(copy, file), bit === null ? bytes.subarray(0, place) : bytes);
  return copy;
}

const filesOf = (run: string): string[] =>
  readdirSync(run, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(run.length + 1))
    .sort();

/** What the reading commands do. */
async function read(run: string) {
  const record = await readRun(run);
  const brief = readBrief({ name: 'small', id: '0001', folder: run });
  expect(runLines(record, brief).length).toBeGreaterThan(0);
  const root = join(run, '../..');
  expect(await listExperiments(root, { where: [], sort: [] })).toHaveLength(1);
  const comparison = await compareRuns(root, [subject.reference, run]);
  return { record, comparison };
}

describe('a flipped bit or a cut', () => {
  it('in what a resume goes by is found, or changes nothing', async () => {
    const files = [
      'lock.json',
      'config.resolved.yaml',
      'checkpoints/last.safetensors',
      'checkpoints/best.safetensors',
    ];
    let found = 0;
    await fc.assert(
      fc.asyncProperty(damages(files), async (damage) => {
        const run = damaged(stopped, damage);
        await read(run);
        try {
          expect(await resumed(run)).toBe(whole);
        } catch (error) {
          if (!(error instanceof MlxError)) throw error;
          expect(error.exit).toBe(3);
          found++;
        }
        rmSync(join(run, '../..'), { recursive: true });
      }),
      { numRuns: 100, seed: 6 },
    );
    expect(found).toBeGreaterThan(50); // and the rest was in what only people read
  });

  it('in any file of a finished run stops no command, and what was measured is never another without a word', async () => {
    const { record: intact, comparison: same } = await read(subject.reference);
    expect(intact.problems).toEqual([]);
    // The last event repeats the result; without it the log is as a kill leaves it.
    const facts = ({ result, events, lock }: typeof intact) =>
      JSON.stringify([result, events.filter((e) => e.type !== 'run_completed'), lock]);
    await fc.assert(
      fc.asyncProperty(damages(filesOf(subject.reference)), async (damage) => {
        const run = damaged(subject.reference, damage);
        if (damage.file !== 'config.yaml' || damage.bit !== null || damage.at > 0) {
          const { record, comparison } = await read(run);
          if (record.problems.length === 0 && !damage.file.startsWith('checkpoints/')) {
            expect(facts(record) === facts(intact), JSON.stringify(damage)).toBe(true);
            expect(comparison.against).toEqual(same.against);
          }
        }
        rmSync(join(run, '../..'), { recursive: true });
      }),
      { numRuns: 100, seed: 7 },
    );
  });
});
