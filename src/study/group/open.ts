import { basename } from 'node:path';
import { type GroupRecord, memberFolder, readBrief, readGroup } from '../../record/index.ts';
import type { GroupResult, MemberResult } from './result.ts';
import { summarize } from './summarize.ts';

/** A group with what came of it; of one that left no result, what its runs tell by now. */
export interface OpenedGroup {
  readonly record: GroupRecord;
  readonly status: GroupResult['status'] | 'running' | 'died';
  readonly result: GroupResult;
}

/** Never throws for what a folder holds. */
export function readGroupResult(folder: string): OpenedGroup {
  const record = readGroup(folder);
  const found = record.result && asResult(record.result);
  const problems = record.result && !found ? [...record.problems, 'result.json is damaged'] : record.problems;
  return {
    record: { ...record, problems },
    status: record.running ? 'running' : (found?.status ?? 'died'),
    result: (!record.running && found) || fromRuns(record),
  };
}

function fromRuns({ folder, name, manifest }: GroupRecord): GroupResult {
  const outcomes = (manifest?.members ?? []).map((member) => {
    const run = memberFolder(folder, member);
    const brief = readBrief({ name, id: basename(run), folder: run });
    const { started, result } = brief;
    const label = started ? `seed ${started.seed}` : member;
    return { label, run: run.replaceAll('\\', '/'), ...((started || result) && { brief }) };
  });
  const kind = manifest?.kind ?? 'seeds';
  return summarize(outcomes, { kind, spread: { method: 'student' }, expect: [], interrupted: true });
}

const STATUSES: readonly unknown[] = ['completed', 'interrupted', 'failed'];
const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isNumber = (value: unknown) => value === null || (typeof value === 'number' && Number.isFinite(value));

/** Undefined for what isn't as a group writes it. */
function asResult(value: Readonly<Record<string, unknown>>): GroupResult | undefined {
  const { status, metrics, members, interval, completed, runs, expectations = [] } = value;
  if (!STATUSES.includes(status) || !isMap(metrics) || !Array.isArray(members) || !isMap(interval))
    return undefined;
  if (!Number.isInteger(completed) || !Number.isInteger(runs) || !Array.isArray(expectations))
    return undefined;
  if (!members.every(isMember) || typeof interval['text'] !== 'string' || !isSpread(interval))
    return undefined;
  if (!expectations.every((e) => isMap(e) && typeof e['text'] === 'string' && isNumber(e['found'])))
    return undefined;
  for (const part of Object.values(metrics)) {
    if (!isMap(part)) return undefined;
    for (const metric of Object.values(part))
      if (!isMap(metric) || !isNumber(metric['value']) || !isValues(metric['values'], members.length))
        return undefined;
  }
  return value as unknown as GroupResult;
}

const isMember = (m: unknown): m is MemberResult =>
  isMap(m) && typeof m['label'] === 'string' && typeof m['run'] === 'string';

const isValues = (values: unknown, count: number) =>
  Array.isArray(values) && values.length === count && values.every(isNumber);

const isSpread = ({ method, tested, trained }: Record<string, unknown>) =>
  method === 'student' || (method === 'corrected_resampled_t' && Number(tested) > 0 && Number(trained) > 0);
