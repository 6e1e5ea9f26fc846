import type { ComparedGroup } from './kind.ts';

/** Which rows a run of a group was judged on, as text: its test part, or validation where there is none. */
export function testRows({ members }: ComparedGroup, i: number): string {
  const splits = members[i]?.lock?.data?.splits;
  const test = splits?.['test'];
  return JSON.stringify([test, (test?.count ?? 0) > 0 ? null : splits?.['validation']]);
}
