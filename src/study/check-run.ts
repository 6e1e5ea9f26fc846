import { configError } from '../errors.ts';
import { COSTS, holds, limitOf, type ParsedExpectation, parseExpectation } from '../evaluate/index.ts';
import { findRun, type RunBrief, type RunRecord, readBrief, readRun } from '../record/index.ts';
import { compareRuns } from './compare.ts';
import type { Comparison } from './comparison.ts';
import { configValues } from './config-values.ts';
import type { CheckedRun, Gate } from './gates.ts';
import { quantitiesOf } from './quantities.ts';

export interface CheckRunOptions {
  readonly experiments: string;
  /** Gates beside those of the run's own config. */
  readonly expect: readonly string[];
  readonly baseline?: string;
}

interface Opened {
  readonly record: RunRecord;
  readonly brief: RunBrief;
  readonly values: Readonly<Record<string, number>>;
}

/**
 * Holds a finished run against its gates: thresholds, limits of cost, and regressions against a baseline run.
 * A gate passes by the measured number itself; the interval is there to judge by.
 * @throws MlxError `usage` without any gate, or for one that can't be read or has no baseline; `unknown-run`
 */
export async function checkRun(name: string, options: CheckRunOptions): Promise<CheckedRun> {
  const { experiments, baseline } = options;
  const run = await opened(experiments, name);
  const texts = [...configGates(run.record), ...options.expect];
  if (texts.length === 0)
    throw configError('usage', `there is nothing to check ${name} by`, {
      help: 'give gates with --expect "test.accuracy >= 0.97", or as `expect:` in the config',
    });
  const gates = texts.map((text) => ({ text, parsed: parsed(text) }));
  const relative = gates.find(({ parsed }) => parsed.baseline !== undefined);
  if (relative && baseline === undefined)
    throw configError('usage', `${JSON.stringify(relative.text)} needs a baseline run`, {
      help: 'name it with --baseline <run>',
    });
  const against =
    relative && baseline !== undefined
      ? await comparedWith(experiments, baseline, run.record.folder)
      : undefined;
  const checked = [wholeness(run), ...gates.map(({ text, parsed }) => gate(text, parsed, run, against))];
  return {
    format: 1,
    run: run.record.folder.replaceAll('\\', '/'),
    baseline: against ? against.base.record.folder.replaceAll('\\', '/') : null,
    passed: checked.every(({ passed }) => passed),
    gates: checked,
  };
}

function parsed(text: string): ParsedExpectation {
  try {
    return parseExpectation(text);
  } catch (error) {
    const { message, help } = error as Error & { help?: string };
    throw configError('expectation', message, { help });
  }
}

async function opened(root: string, name: string): Promise<Opened> {
  const record = await readRun(await findRun(root, name));
  const brief = readBrief({ name: record.name, id: record.id, folder: record.folder });
  const values = Object.entries(quantitiesOf(brief)).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number',
  );
  return { record, brief, values: Object.fromEntries(values) };
}

/** `expect:` of the resolved config. */
function configGates({ resolved }: RunRecord): string[] {
  return [...(configValues(resolved) ?? [])].flatMap(([path, value]) =>
    /^expect\[\d+\]$/.test(path) ? [value] : [],
  );
}

interface Against {
  readonly base: Opened;
  readonly comparison: Comparison;
}

async function comparedWith(root: string, baseline: string, run: string): Promise<Against> {
  const base = await opened(root, baseline);
  return { base, comparison: await compareRuns(root, [base.record.folder, run]) };
}

/** A run that didn't end well, or whose files aren't what it wrote, passes nothing. */
function wholeness({ record, brief }: Opened): Gate {
  const problems = [...(brief.status === 'completed' ? [] : [`it is ${brief.status}`]), ...record.problems];
  const reason = problems.length > 0 ? { reason: problems.join('; ') } : {};
  return { text: 'completed', passed: problems.length === 0, found: null, limit: null, ...reason };
}

function gate(text: string, parsed: ParsedExpectation, run: Opened, against: Against | undefined): Gate {
  const { quantity } = parsed;
  const found = run.values[quantity] ?? null;
  const evidence = measured(quantity, run);
  if (parsed.baseline === undefined) {
    const passed = holds(parsed, run.values);
    const missing = found === null ? { reason: `the run has no ${quantity}` } : {};
    return { text, passed, found, limit: limitOf(parsed), ...evidence, ...missing };
  }
  const { base, comparison } = against!;
  const value = base.values[quantity] ?? null;
  const reason =
    found === null
      ? `the run has no ${quantity}`
      : value === null
        ? `the baseline has no ${quantity}`
        : otherExamples(quantity, comparison);
  const paired = comparison.against[0]!;
  const difference =
    quantity.startsWith('test.') && !('refused' in paired)
      ? paired.metrics.find(({ name }) => name === quantity.slice('test.'.length))
      : undefined;
  return {
    text,
    passed: reason === undefined && holds(parsed, run.values, value ?? undefined),
    found,
    limit: value === null ? null : limitOf(parsed, value),
    ...evidence,
    baseline: {
      value,
      ...(difference && {
        difference: difference.difference,
        ...(difference.interval && { interval: difference.interval }),
        ...(difference.p !== undefined && { p: difference.p }),
        test: difference.test,
      }),
    },
    ...(reason !== undefined && { reason }),
  };
}

const isCost = (quantity: string): boolean => (COSTS as readonly string[]).includes(quantity);

/** The interval and the number of examples behind a metric. */
function measured(quantity: string, { record, brief }: Opened): Pick<Gate, 'interval' | 'examples'> {
  if (isCost(quantity)) return {};
  const [split, name] = quantity.split('.') as ['train' | 'validation' | 'test', string | undefined];
  const { interval } = record.result?.metrics[split]?.[name ?? ''] ?? {};
  const examples = brief.started?.examples?.[split];
  return { ...(interval && { interval }), ...(typeof examples === 'number' && { examples }) };
}

/** A metric is only held against one that was measured on the same examples. */
function otherExamples(quantity: string, { data, against }: Comparison): string | undefined {
  if (isCost(quantity)) return undefined;
  const paired = against[0]!;
  if (quantity.startsWith('test.')) return 'refused' in paired ? paired.refused : undefined;
  const split = `${quantity.split('.')[0]} split`;
  const differs = data.some(({ path }) => path === split || path.startsWith('file '));
  return differs ? `their ${split}s differ` : undefined;
}
