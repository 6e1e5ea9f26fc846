import { type RunRecord, recordedCpuClass } from '../record/index.ts';
import type { Difference } from './comparison.ts';

/** Of a lock: what the data are. A lock that isn't one has nothing. */
export function dataOf({ lock }: RunRecord): [string, string][] {
  return [
    ...(lock?.data?.files ?? []).map(({ name, sha256 }): [string, string] => [`file ${name}`, sha256]),
    ...Object.entries(lock?.data?.splits ?? {}).map(([split, { count, sha256 }]): [string, string] => [
      `${split} split`,
      `${count} examples, ${sha256}`,
    ]),
  ];
}

export function environmentOf({ lock }: RunRecord): [string, string][] {
  const { engine, versions, git, machine } = lock ?? {};
  const options = Object.entries(engine?.options ?? {}).map(([key, value]) => [`engine.${key}`, value]);
  const rows: [string, unknown][] = [
    ['engine', engine && `${engine.type} ${engine.provider}×${engine.threads}`],
    ...(options as [string, unknown][]),
    ...Object.entries(versions ?? {}),
    ['git commit', git?.commit],
    ['git changes', git?.dirty],
    ['CPU', machine?.cpu?.model],
    ['CPU class', recordedCpuClass(machine)],
    ['platform', machine && `${machine.platform} ${machine.arch}`],
  ];
  return rows.flatMap(([key, value]) =>
    value === undefined || value === null ? [] : [[key, String(value)]],
  );
}

/** What isn't the same in all locks. */
export function lockDifferences(
  records: readonly RunRecord[],
  of: (record: RunRecord) => [string, string][],
): Difference[] {
  const all = records.map((record) => {
    try {
      return new Map(of(record));
    } catch {
      return new Map<string, string>(); // not what mlx writes there
    }
  });
  const keys = [...new Set(all.flatMap((values) => [...values.keys()]))];
  return keys
    .map((path) => ({ path, values: all.map((values) => values.get(path) ?? null) }))
    .filter(({ values }) => values.some((v) => v !== values[0]));
}
