import { basename } from 'node:path';
import { type GroupRecord, memberFolder, readBrief, readGroup } from '../../record/index.ts';
import { groupKinds } from './index.ts';
import type { KeptRun } from './kind.ts';
import { OVER_SEEDS, summarize } from './means.ts';
import type { GroupResult } from './result.ts';
import { asResult } from './result-codec.ts';

/** A group and its result; where it left none, the result so far, from its runs. */
export interface OpenedGroup {
  readonly record: GroupRecord;
  readonly status: GroupResult['status'] | 'running' | 'died';
  readonly result: GroupResult;
}

/** Never throws for what a folder holds. */
export function readGroupResult(folder: string): OpenedGroup {
  const record = readGroup(folder);
  const found = record.result && resultOf(record.result);
  const problems = record.result && !found ? [...record.problems, 'result.json is damaged'] : record.problems;
  return {
    record: { ...record, problems },
    status: record.running ? 'running' : (found?.status ?? 'died'),
    result: (!record.running && found) || fromRuns(record),
  };
}

function resultOf(value: Readonly<Record<string, unknown>>): GroupResult | undefined {
  const found = asResult(value);
  const own = found && groupKinds.get(found.kind)?.isResult;
  return !own || own(value) ? found : undefined;
}

function fromRuns({ folder, name, manifest, resolved }: GroupRecord): GroupResult {
  const runs = (manifest?.members ?? []).map((member): KeptRun => {
    const run = memberFolder(folder, member);
    const brief = readBrief({ name, id: basename(run), folder: run });
    return {
      name: member,
      run: run.replaceAll('\\', '/'),
      ...((brief.started || brief.result) && { brief }),
    };
  });
  const kind = manifest?.kind ?? 'runs';
  return groupKinds.get(kind)?.soFar(runs, resolved) ?? ofUnknownKind(kind, runs);
}

/** A later version's, say: its runs still have means. */
const ofUnknownKind = (kind: string, runs: readonly KeptRun[]): GroupResult =>
  summarize(
    runs.map(({ name, run, brief }) => ({ label: name, run, ...(brief && { brief }) })),
    { kind, interval: OVER_SEEDS, expect: [], interrupted: true },
  );
