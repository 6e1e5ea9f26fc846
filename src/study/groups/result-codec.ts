import { isMap, isNumber, isText, isValues } from './checks.ts';
import type { GroupResult, MemberResult } from './result.ts';

const STATUSES: readonly unknown[] = ['completed', 'interrupted', 'failed'];

/** What every kind of group has in its result; undefined for what isn't as a group writes it. */
export function asResult(value: Readonly<Record<string, unknown>>): GroupResult | undefined {
  const { status, metrics, members, interval, completed, runs, final, expectations = [] } = value;
  if (!isText(value['kind']) || (final !== undefined && !isFinal(final))) return undefined;
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

const isSpread = ({ method, tested, trained, examples }: Record<string, unknown>) =>
  method === 'student' ||
  (method === 'out_of_fold' && Number(examples) > 0) ||
  (method === 'corrected_resampled_t' && Number(tested) > 0 && Number(trained) > 0);
