import { configError } from '../errors.ts';
import { compareMetrics, directionOf } from '../evaluate/index.ts';
import { findRun, type RunBrief, type RunRecord, readBrief, readRun } from '../record/index.ts';
import type {
  ComparedMetric,
  ComparedRun,
  Comparison,
  Flip,
  Paired,
  Refused,
  Verdict,
} from './comparison.ts';
import { configDifferences } from './config-differences.ts';
import { configTree } from './config-values.ts';
import { lossCurves, monitoredCurves } from './curves.ts';
import { holm, LEVEL, letter } from './holm.ts';
import { dataOf, environmentOf, lockDifferences } from './lock-values.ts';
import { type PredictionTable, readPredictions } from './prediction-table.ts';

interface Opened {
  readonly label: string;
  readonly record: RunRecord;
  readonly brief: RunBrief;
  readonly table: PredictionTable | { readonly missing: string };
}

/**
 * What differs between runs; the first is the baseline that the others are held against. Says "better" only
 * under a paired test on the same test examples, with Holm's correction (1979) where several runs are
 * compared.
 * @throws MlxError `usage`, `unknown-run`, `ambiguous-run`
 */
export async function compareRuns(root: string, names: readonly string[]): Promise<Comparison> {
  if (names.length < 2)
    throw configError('usage', `mlx compare takes two runs or more, found ${names.length}`, {
      help: 'mlx list shows what there is',
    });
  const runs: Opened[] = [];
  for (const [i, name] of names.entries()) runs.push(await opened(root, name, letter(i)));
  const [baseline, ...others] = runs as [Opened, ...Opened[]];
  const records = runs.map(({ record }) => record);
  const { differences, same } = configDifferences(records.map(({ resolved }) => configTree(resolved)));
  const against = others.map((other) => paired(baseline, other));
  const headline = against.find((p): p is Paired => !('refused' in p))?.metrics[0]?.name ?? null;
  return {
    format: 1,
    runs: runs.map(described),
    config: differences,
    same_config: same,
    data: lockDifferences(records, dataOf),
    environment: lockDifferences(records, environmentOf),
    metrics: metricRows(runs),
    against,
    verdicts: verdicts(against, headline, others),
    curves: lossCurves(runs),
    monitored: monitoredCurves(runs),
  };
}

async function opened(root: string, name: string, label: string): Promise<Opened> {
  const record = await readRun(await findRun(root, name));
  const brief = readBrief({ name: record.name, id: record.id, folder: record.folder });
  return { label, record, brief, table: readPredictions(record.folder, record.result) };
}

function described({ label, record, brief }: Opened): ComparedRun {
  const { result } = record;
  return {
    label,
    name: record.name,
    id: record.id,
    folder: record.folder.replaceAll('\\', '/'),
    status: brief.status,
    seconds: result?.seconds ?? null,
    samples_per_second: result?.samples_per_second ?? null,
    parameters: result?.parameters ?? null,
    peak_rss_bytes: result?.peak_rss_bytes ?? null,
    epochs: result?.epochs ?? null,
    problems: record.problems,
  };
}

function metricRows(runs: readonly Opened[]): ComparedMetric[] {
  const rows: ComparedMetric[] = [];
  for (const split of ['test', 'validation', 'train'] as const) {
    const names = new Set(runs.flatMap(({ record }) => Object.keys(record.result?.metrics[split] ?? {})));
    for (const name of names) {
      const values = runs.map(({ record }) => record.result?.metrics[split]?.[name] ?? null);
      rows.push({ name: `${split}.${name}`, direction: directionOf(name), values });
    }
  }
  return rows;
}

/**
 * Metrics, flips and classes of one run against the baseline, or why they can't be held against each other.
 */
function paired(baseline: Opened, other: Opened): Paired | Refused {
  const refused = (reason: string): Refused => ({ run: other.label, refused: reason });
  const [a, b] = [baseline.table, other.table];
  if ('missing' in a) return refused(`${baseline.label}: ${a.missing}`);
  if ('missing' in b) return refused(`${other.label}: ${b.missing}`);
  if (a.predictions.form !== b.predictions.form) return refused('they solve different tasks');
  const why = otherExamples(baseline, other, a, b);
  if (why) return refused(why);
  const shared = Object.keys(baseline.record.result?.metrics.test ?? {}).filter(
    (name) => name in (other.record.result?.metrics.test ?? {}),
  );
  return {
    run: other.label,
    examples: a.ids.length,
    metrics: compareMetrics(a.predictions, b.predictions, shared),
    ...(a.predictions.form === 'labels' && { labels: true as const }),
    ...(a.predictions.form !== 'numbers'
      ? { flips: flipsOf(a, b), classes: classChanges(baseline, other) }
      : {}),
  };
}

/** Undefined where both runs were tested on the same examples. */
function otherExamples(
  baseline: Opened,
  other: Opened,
  a: PredictionTable,
  b: PredictionTable,
): string | undefined {
  if (a.ids.length !== b.ids.length)
    return `their test sets differ: ${a.ids.length} and ${b.ids.length} examples`;
  const at = a.ids.findIndex((id, i) => id !== b.ids[i] || a.truth[i] !== b.truth[i]);
  if (at >= 0) {
    const known = new Set(a.ids);
    const shared = b.ids.filter((id) => known.has(id)).length;
    return `their test sets differ: ${shared} of ${a.ids.length} ids are in both${shared === a.ids.length ? ', in another order or with another truth' : ''}`;
  }
  const files = (o: Opened) => (o.record.lock?.data?.files ?? []).map((f) => f.sha256).join();
  return files(baseline) === files(other) ? undefined : 'their data files differ';
}

function flipsOf(a: PredictionTable, b: PredictionTable): { fixed: Flip[]; broken: Flip[] } {
  const [fixed, broken]: [Flip[], Flip[]] = [[], []];
  a.ids.forEach((id, i) => {
    const [was, is] = [a.predicted[i] === a.truth[i], b.predicted[i] === b.truth[i]];
    if (was === is) return;
    (is ? fixed : broken).push({ id, truth: a.truth[i]!, was: a.predicted[i]!, is: b.predicted[i]! });
  });
  return { fixed, broken };
}

function classChanges({ record: a }: Opened, { record: b }: Opened) {
  const theirs = new Map((b.result?.per_class ?? []).map((row) => [row.class, row]));
  return (a.result?.per_class ?? []).map((row) => {
    const f1 = theirs.get(row.class)?.f1 ?? null;
    return { class: row.class, support: row.support, was: row.f1, is: f1 };
  });
}

function verdicts(
  against: readonly (Paired | Refused)[],
  headline: string | null,
  others: readonly Opened[],
): Verdict[] {
  const tests = against.flatMap((p) => ('refused' in p ? [] : [p.metrics.find((m) => m.name === headline)]));
  const adjusted = holm(tests.flatMap((t) => (t?.p === undefined ? [] : [t.p])));
  return against.map((each, i): Verdict => {
    const run = others[i]!.label;
    if ('refused' in each) return { run, verdict: 'refused', reason: each.refused };
    const metric = each.metrics.find((m) => m.name === headline);
    if (!metric || metric.difference === null)
      return { run, verdict: 'refused', reason: 'no metric of the test split is defined for both' };
    const { name, difference, test } = metric;
    // Without a p value nothing varies: the two are the same on every example.
    const p = adjusted(metric.p ?? 1);
    const better = metric.direction === 'higher' ? difference > 0 : difference < 0;
    const verdict = p >= LEVEL || difference === 0 ? 'no difference shown' : better ? 'better' : 'worse';
    return { run, verdict, metric: name, test, p };
  });
}
