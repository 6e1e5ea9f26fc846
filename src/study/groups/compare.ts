import { configError } from '../../errors.ts';
import {
  directionOf,
  type FoldDifference,
  isMetric,
  type ReplicateDifference,
  type Replicates,
} from '../../evaluate/index.ts';
import { findGroup, memberFolder, type RunRecord, readRun } from '../../record/index.ts';
import type { Difference } from '../comparison.ts';
import { configDifferences } from '../config-differences.ts';
import { configTree } from '../config-values.ts';
import { holm, LEVEL, letter } from '../holm.ts';
import { dataOf, environmentOf, lockDifferences } from '../lock-values.ts';
import { groupKinds } from './index.ts';
import type { ComparedGroup } from './kind.ts';
import { type OpenedGroup, readGroupResult } from './open.ts';
import { PARTS } from './result.ts';

/** `mlx compare --json` of groups of runs; an interface that others read: only add to it. */
export interface GroupComparison {
  readonly format: 1;
  readonly of: 'groups';
  /** The first is the baseline. */
  readonly groups: readonly {
    readonly label: string;
    readonly name: string;
    readonly id: string;
    readonly kind: string;
    readonly status: OpenedGroup['status'];
    readonly completed: number;
    readonly runs: number;
    readonly problems: readonly string[];
  }[];
  readonly config: readonly Difference[];
  readonly same_config: number;
  /** Of the first runs. */
  readonly data: readonly Difference[];
  readonly environment: readonly Difference[];
  readonly metrics: readonly {
    readonly name: string;
    readonly direction: 'higher' | 'lower';
    readonly values: readonly (Replicates | null)[];
  }[];
  readonly against: readonly (GroupDifference | { readonly group: string; readonly refused: string })[];
  readonly verdicts: readonly {
    readonly group: string;
    readonly verdict: 'better' | 'worse' | 'no difference shown' | 'refused';
    readonly reason?: string;
    readonly metric?: string;
    readonly test?: GroupDifference['metrics'][number]['test'];
    /** Corrected for the number of comparisons. */
    readonly p?: number;
  }[];
}

export interface GroupDifference {
  readonly group: string;
  /** Group minus baseline, of the means. */
  readonly metrics: readonly ({
    readonly name: string;
    readonly direction: 'higher' | 'lower';
  } & (ReplicateDifference | FoldDifference))[];
}

type Opened = OpenedGroup & ComparedGroup;

/**
 * Which of the names are groups; undefined where none is.
 * @throws MlxError `usage` where groups and runs are mixed
 */
export async function groupsAmong(root: string, names: readonly string[]): Promise<string[] | undefined> {
  const found = await Promise.all(names.map((name) => findGroup(root, name)));
  const groups = found.filter((folder) => folder !== undefined);
  if (groups.length === 0) return undefined;
  if (groups.length < names.length)
    throw configError('usage', 'a group of runs is compared with groups, a run with runs', {
      help: `mlx show ${names[found.findIndex((f) => f !== undefined)]} names the runs of the group`,
    });
  return groups;
}

/**
 * Groups against the first one: the spread over their runs shows whether a difference is more than chance.
 * "Better" is said only where both have the same data and test examples, below p = 0.05 after Holm's
 * correction.
 * @throws MlxError `usage`
 */
export async function compareGroups(folders: readonly string[]): Promise<GroupComparison> {
  if (folders.length < 2)
    throw configError('usage', `mlx compare takes two groups or more, found ${folders.length}`, {
      help: 'mlx list shows what there is',
    });
  const groups = await Promise.all(folders.map(opened));
  const [baseline, ...others] = groups as [Opened, ...Opened[]];
  const firsts = groups.map(({ members }) => members[0]).filter((m) => m !== undefined);
  const { differences, same } = configDifferences(groups.map(({ record }) => configTree(record.resolved)));
  const against = others.map((other) => difference(baseline, other));
  return {
    format: 1,
    of: 'groups',
    groups: groups.map(({ label, record, status, result }) => ({
      label,
      name: record.name,
      id: record.id,
      kind: result.kind,
      status,
      completed: result.completed,
      runs: result.runs,
      problems: record.problems,
    })),
    config: differences,
    same_config: same,
    data: firsts.length === groups.length ? lockDifferences(firsts, dataOf) : [],
    environment: firsts.length === groups.length ? lockDifferences(firsts, environmentOf) : [],
    metrics: metricRows(groups),
    against,
    verdicts: verdicts(against),
  };
}

async function opened(folder: string, i: number): Promise<Opened> {
  const group = readGroupResult(folder);
  const names = group.record.manifest?.members ?? [];
  const members: RunRecord[] = [];
  for (const name of names) members.push(await readRun(memberFolder(folder, name)));
  return { ...group, label: letter(i), members };
}

function metricRows(groups: readonly Opened[]): GroupComparison['metrics'] {
  return PARTS.flatMap((part) => {
    const names = new Set(groups.flatMap(({ result }) => Object.keys(result.metrics[part] ?? {})));
    return [...names].map((name) => ({
      name: `${part}.${name}`,
      direction: directionOf(name),
      values: groups.map(({ result }) => result.metrics[part]?.[name] ?? null),
    }));
  });
}

function difference(baseline: Opened, other: Opened): GroupComparison['against'][number] {
  const { label: group } = other;
  const refused = refusal(baseline, other);
  if (refused !== undefined) return { group, refused };
  const part = PARTS.find((p) => Object.keys(baseline.result.metrics[p] ?? {}).length > 0);
  const { kind } = baseline.result;
  const test =
    groupKinds.get(kind)?.compared(baseline, other, part) ??
    `this version of mlx doesn't know how to compare groups of kind ${kind}`;
  if (typeof test === 'string') return { group, refused: test };
  const [a, b] = [baseline, other].map(({ result }) => (part && result.metrics[part]) ?? {});
  const metrics = Object.keys(a ?? {})
    .filter((name) => name in (b ?? {}))
    .flatMap((name) => {
      const found = test(name);
      return found ? [{ name: `${part}.${name}`, direction: directionOf(name), ...found }] : [];
    });
  return { group, metrics };
}

/** Why the means of two groups can't be held against each other. */
function refusal(a: Opened, b: Opened): string | undefined {
  if (a.result.kind !== b.result.kind)
    return `they are groups of other kinds: ${a.result.kind} and ${b.result.kind}`;
  for (const { label, result, status } of [a, b]) {
    if (result.completed < 2) return `${label}: ${result.completed} of its runs completed (${status})`;
  }
  const files = (o: Opened) => (o.members[0]?.lock?.data?.files ?? []).map((f) => f.sha256).join();
  return files(a) === files(b) ? undefined : 'their data files differ';
}

function verdicts(against: GroupComparison['against']): GroupComparison['verdicts'] {
  const headlineOf = ({ metrics }: GroupDifference) =>
    metrics.find(({ name }) => isMetric(name.replace(/^\w+\./, ''))) ?? metrics[0];
  const tests = against.flatMap((each) => ('refused' in each ? [] : [headlineOf(each)?.p]));
  const adjusted = holm(tests.filter((p) => p !== undefined));
  return against.map((each) => {
    const { group } = each;
    if ('refused' in each) return { group, verdict: 'refused' as const, reason: each.refused };
    const found = headlineOf(each);
    if (!found || found.difference === null)
      return { group, verdict: 'refused' as const, reason: 'no metric is defined for both' };
    const { name: metric, difference, direction, test } = found;
    if (found.p === undefined)
      return difference === 0
        ? { group, verdict: 'no difference shown' as const, metric, test, p: 1 }
        : {
            group,
            verdict: 'refused' as const,
            reason: `${metric} is the same in all runs of each: its spread tells nothing`,
          };
    const p = adjusted(found.p);
    const better = direction === 'higher' ? difference > 0 : difference < 0;
    const verdict = p >= LEVEL ? 'no difference shown' : better ? 'better' : 'worse';
    return { group, verdict, metric, test, p };
  });
}
