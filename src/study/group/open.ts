import { basename } from 'node:path';
import type { LearningCurve, Spread } from '../../evaluate/index.ts';
import { type GroupRecord, memberFolder, readBrief, readGroup } from '../../record/index.ts';
import { configValues } from '../config-values.ts';
import type { GroupResult, MemberResult } from './result.ts';
import { type Outcome, summarize } from './summarize.ts';

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

function fromRuns({ folder, name, manifest, resolved }: GroupRecord): GroupResult {
  const kind = manifest?.kind ?? 'seeds';
  const outcomes = (manifest?.members ?? []).map((member): Outcome => {
    const run = memberFolder(folder, member);
    const brief = readBrief({ name, id: basename(run), folder: run });
    const { started, result } = brief;
    const label = kind === 'seeds' && started ? `seed ${started.seed}` : member;
    return {
      label,
      run: run.replaceAll('\\', '/'),
      ...(member === 'final' && { apart: true }),
      ...((started || result) && { brief }),
    };
  });
  const folds = Number(configValues(resolved)?.get('data.split.folds'));
  const spread: Spread =
    kind === 'k_fold' && folds > 1
      ? { method: 'corrected_resampled_t', tested: 1, trained: folds - 1 }
      : { method: 'student' };
  return summarize(outcomes, { kind, spread, expect: [], interrupted: true });
}

const STATUSES: readonly unknown[] = ['completed', 'interrupted', 'failed'];
const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isNumber = (value: unknown) => value === null || (typeof value === 'number' && Number.isFinite(value));

/** Undefined for what isn't as a group writes it. */
function asResult(value: Readonly<Record<string, unknown>>): GroupResult | undefined {
  const { status, metrics, members, interval, completed, runs, final, expectations = [] } = value;
  if ((final !== undefined && !isFinal(final)) || (value['curve'] !== undefined && !isCurve(value['curve'])))
    return undefined;
  if (!STATUSES.includes(status) || !isMap(metrics) || !Array.isArray(members) || !isMap(interval))
    return undefined;
  if (!Number.isInteger(completed) || !Number.isInteger(runs) || !Array.isArray(expectations))
    return undefined;
  if (!isConfusion(value['confusion']) || !isClasses(value['per_class'])) return undefined;
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

const isFinal = (final: unknown) =>
  isMember(final) &&
  Object.values((final as { metrics?: object }).metrics ?? {}).every(
    (part) => isMap(part) && Object.values(part).every((m) => isMap(m) && isNumber(m['value'])),
  );

const isText = (value: unknown) => typeof value === 'string';

function isConfusion(confusion: unknown): boolean {
  if (confusion === undefined) return true;
  if (!isMap(confusion)) return false;
  const { classes, counts } = confusion;
  if (!Array.isArray(classes) || classes.length === 0 || !classes.every(isText)) return false;
  if (!Array.isArray(counts) || counts.length !== classes.length) return false;
  return counts.every((row) => isValues(row, classes.length) && !(row as unknown[]).includes(null));
}

const isClasses = (classes: unknown): boolean =>
  classes === undefined ||
  (Array.isArray(classes) &&
    classes.every(
      (row) =>
        isMap(row) &&
        isText(row['class']) &&
        Number.isInteger(row['support']) &&
        ['precision', 'sensitivity', 'specificity', 'f1'].every((name) => isNumber(row[name])),
    ));

const isEstimate = (e: unknown) => isMap(e) && isNumber(e['value']) && isValues(e['interval'], 2);

const VERDICTS: Readonly<Record<LearningCurve['verdict'], true>> = {
  more_data: true,
  larger_model: true,
  more_data_and_larger_model: true,
  less_variance: true,
  no_evidence: true,
};

function isCurve(curve: unknown): boolean {
  if (!isMap(curve)) return false;
  const { metric, seeds, points, gap, shortfall, gains, evidence, verdict } = curve;
  return (
    typeof metric === 'string' &&
    Number.isInteger(seeds) &&
    Array.isArray(points) &&
    points.length > 0 &&
    points.every(
      (p) => isMap(p) && Number.isInteger(p['rows']) && isEstimate(p['train']) && isEstimate(p['validation']),
    ) &&
    isEstimate(gap) &&
    (shortfall === null || isEstimate(shortfall)) &&
    Array.isArray(gains) &&
    gains.every(
      (g) => isMap(g) && [g['times'], g['rows'], g['score']].every(isNumber) && isEstimate(g['gain']),
    ) &&
    isMap(evidence) &&
    typeof verdict === 'string' &&
    Object.hasOwn(VERDICTS, verdict)
  );
}

const isValues = (values: unknown, count: number) =>
  Array.isArray(values) && values.length === count && values.every(isNumber);

const isSpread = ({ method, tested, trained, examples }: Record<string, unknown>) =>
  method === 'student' ||
  (method === 'out_of_fold' && Number(examples) > 0) ||
  (method === 'corrected_resampled_t' && Number(tested) > 0 && Number(trained) > 0);
