import type { RunPlace } from '../../record/index.ts';
import type { Quantity } from '../quantities.ts';
import type { OpenedGroup } from './open.ts';
import type { GroupResult } from './result.ts';

/** The quantities of a group by name: those of a run, with means for metrics, and `<metric>.deviation`. */
export function groupQuantities(
  { name, id }: RunPlace,
  started: string | undefined,
  status: OpenedGroup['status'],
  result: GroupResult,
): Record<string, Quantity> {
  const values: Record<string, Quantity> = Object.create(null);
  Object.assign(values, { name, id, status });
  if (started !== undefined) values['started'] = started;
  Object.assign(values, { seconds: result.seconds, kind: result.kind, runs: result.runs });
  if (result.engine) values['engine'] = result.engine.type;
  if (result.expectations)
    values['failed_expectations'] = result.expectations.filter((e) => !e.passed).length;
  for (const part of ['test', 'validation', 'train'] as const)
    for (const [metric, { value, deviation }] of Object.entries(result.metrics[part] ?? {})) {
      values[`${part}.${metric}`] = value;
      if (deviation !== undefined) values[`${part}.${metric}.deviation`] = deviation;
    }
  return values;
}
