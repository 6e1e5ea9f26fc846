import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configError, MlxError } from '../errors.ts';
import { type RepeatFacts, repeatable } from '../pipeline/repeat.ts';
import type { EarlyThread } from '../pipeline/thread.ts';
import {
  configHash,
  findRun,
  type Lock,
  listRuns,
  planHash,
  type RunRecord,
  readCheckpoint,
  readRun,
  stateHash,
  versions,
} from '../record/index.ts';
import type { RunEvent } from '../run/events.ts';
import { compareSeries, firstLine, type Series } from './differences.ts';
import { readPredictions } from './prediction-table.ts';
import type { Check, Reproduction } from './reproduction.ts';

/** Rounding that differs grows from step to step: a run may depart by this many times what the engine states for one pass. */
const GROWTH = 100;
/** Steps of `--quick`. */
const QUICK = 20;

export interface ReproduceOptions {
  readonly experiments: string;
  readonly quick: boolean;
  /** Relative, of every number; where it is given, equal bits aren't asked for. */
  readonly tolerance: number | null;
  readonly threads: EarlyThread;
  emit(event: RunEvent): void;
}

/**
 * Does a run again from its lock, into a folder that is removed, and compares: environment, config, data, plan, initial
 * weights, each step, epoch, metric, prediction, final weight. The reference is only read.
 * @throws MlxError `usage`, `unknown-run`, `run-damaged`, and those of missing data
 */
export async function reproduceRun(name: string, options: ReproduceOptions): Promise<Reproduction> {
  const { quick, tolerance } = options;
  if (tolerance !== null && !(tolerance >= 0 && Number.isFinite(tolerance)))
    throw configError('usage', '--tolerance takes a number from 0, e.g. 1e-4');
  const began = performance.now();
  const reference = await readRun(await findRun(options.experiments, name));
  const source = await repeatable(reference);
  const limit = tolerance ?? source.tolerance * GROWTH;
  const checks: Check[] = [];
  const environment = environmentChecks(source.lock);
  checks.push(environment);
  let same = environment.outcome === 'identical';
  const steps = stepsOf(reference.events);
  const reached = Math.max(0, ...steps.keys());
  const whole = reference.status === 'completed';
  const stopAt = quick ? Math.min(QUICK, reached) : whole ? Number.POSITIVE_INFINITY : reached;

  const scratch = await mkdtemp(join(tmpdir(), 'mlx-reproduce-'));
  try {
    const handle: { stop: (() => void) | null } = { stop: null };
    let trained = false;
    try {
      const emit = (event: RunEvent) => {
        if (event.type === 'step' && event.step >= stopAt) handle.stop?.();
        options.emit(event);
      };
      trained = await source.run(
        { experiments: scratch, handle, threads: options.threads, emit },
        (facts) => {
          checks.push(...factChecks(reference, source.lock, facts));
          return checks.every(
            (c) => c.name === 'version' || c.name === 'config' || c.outcome !== 'different',
          );
        },
      );
    } catch (error) {
      const failure = failedAlike(reference, error);
      if (!failure) throw error;
      trained = true;
    }
    if (trained) {
      const place = (await listRuns(scratch))[0];
      if (!place) throw new Error('internal: a run without a folder');
      const again = await readRun(place.folder);
      const engine = changedEngine(source.lock, again.lock);
      if (engine) {
        const text = same ? engine : `${environment.text}, ${engine}`;
        checks[0] = { name: 'version', outcome: 'different', text };
        same = false;
      }
      const strict = tolerance === null && same;
      checks.push(...(await runChecks(reference, again, { stopAt, limit, strict })));
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return {
    format: 1,
    run: reference.folder.replaceAll('\\', '/'),
    verdict: verdictOf(checks, same),
    quick: quick ? stopAt : null,
    first: firstOf(checks),
    checks,
    tolerance: limit,
    same_environment: same,
    seconds: (performance.now() - began) / 1000,
  };
}

/** A run that failed is repeated where it fails again in the same way. */
const failedAlike = ({ result }: RunRecord, error: unknown): boolean =>
  error instanceof MlxError && result?.status === 'failed' && result.error?.code === error.code;

/** Versions and machine as far as they decide bits. */
function environmentChecks({ versions: was, machine }: Lock): Check {
  const is = versions();
  const keys = ['mlx', 'node', 'v8', 'onnxruntime-node'] as const;
  const changed = keys
    .filter((key) => (was?.[key] ?? null) !== is[key])
    .map((key) => `${key} ${was?.[key] ?? '(unknown)'} → ${is[key]}`);
  for (const [key, value] of [
    ['platform', process.platform],
    ['arch', process.arch],
  ] as const)
    if (machine?.[key] !== value) changed.push(`${key} ${machine?.[key] ?? '(unknown)'} → ${value}`);
  return {
    name: 'version',
    outcome: changed.length === 0 ? 'identical' : 'different',
    text: changed.join(', ') || keys.map((key) => `${key} ${is[key]}`).join(', '),
  };
}

/** What the engine that was opened computes otherwise; threads change no bits. */
function changedEngine({ engine: was }: Lock, again: Lock | undefined): string | undefined {
  if (!again) return undefined;
  const of = ({ type, provider, version, options }: Lock['engine']) =>
    Object.entries({ ...options, type, provider, version }).map(([k, v]) => [k, String(v)] as const);
  const is = new Map(of(again.engine));
  const changed = of(was).filter(([key, value]) => is.get(key) !== value);
  return changed.map(([key, value]) => `engine ${key} ${value} → ${is.get(key)}`).join(', ') || undefined;
}

/** What can be held against the lock before the first step. */
function factChecks(reference: RunRecord, lock: Lock, facts: RepeatFacts): Check[] {
  const checks: Check[] = [];
  const put = (name: Check['name'], problem: string | undefined, fine: string) =>
    checks.push({ name, outcome: problem === undefined ? 'identical' : 'different', text: problem ?? fine });
  put('seed', facts.seed === lock.seed ? undefined : `${lock.seed} → ${facts.seed}`, String(lock.seed));
  const edited = configHash(reference.resolved!) !== lock.config.sha256;
  const plan = planHash(facts.planText) === lock.plan.sha256;
  const was =
    reference.plan !== undefined && planHash(reference.plan) === lock.plan.sha256
      ? reference.plan
      : undefined;
  const line = plan || was === undefined ? '' : ` (plan.txt, ${firstLine(was, facts.planText)})`;
  put(
    'config',
    edited ? `config.resolved.yaml is not the one of the lock${line}` : undefined,
    'as in the lock',
  );
  put('data', changedData(lock, facts), `${lock.data.files.length} files and the split`);
  put('plan', plan ? undefined : was ? firstLine(was, facts.planText) : 'another plan', 'as in the lock');
  if (lock.initial)
    put(
      'initial weights',
      lock.initial.sha256 === facts.initial ? undefined : 'another sha256 than in the lock',
      'as in the lock',
    );
  else
    checks.push({ name: 'initial weights', outcome: 'not checked', text: 'the lock has no sha256 of them' });
  return checks;
}

function changedData({ data }: Lock, { files, splits }: RepeatFacts): string | undefined {
  for (const { name, sha256 } of data.files) {
    const is = files.find((file) => file.name === name);
    if (!is) return `${name} isn't read any more`;
    if (is.sha256 !== sha256) return `${name}: sha256 ${sha256.slice(0, 12)}… → ${is.sha256.slice(0, 12)}…`;
  }
  for (const [part, { count, sha256 }] of Object.entries(data.splits ?? {}))
    if (splits[part]?.sha256 !== sha256)
      return `the ${part} split: ${count} examples → ${splits[part]?.count ?? 0}, not the same ones`;
  return undefined;
}

interface Strictness {
  readonly stopAt: number;
  readonly limit: number;
  readonly strict: boolean;
}

async function runChecks(
  was: RunRecord,
  is: RunRecord,
  { stopAt, limit, strict }: Strictness,
): Promise<Check[]> {
  const compared = (name: Check['name'], a: Series, b: Series) => compareSeries(name, a, b, limit, strict);
  const checks = [
    compared('steps', numbersOf(stepsOf(was.events), stopAt), numbersOf(stepsOf(is.events), stopAt)),
  ];
  if (stopAt !== Number.POSITIVE_INFINITY) return checks;
  checks.push(compared('epochs', epochsOf(was.events), epochsOf(is.events)));
  checks.push(compared('metrics', metricsOf(was), metricsOf(is)));
  checks.push(predictionCheck(was, is, compared));
  checks.push(await weightCheck(was, is, compared));
  return checks;
}

type Compared = (name: Check['name'], a: Series, b: Series) => Check;

/** By step; of a step that a resume took again, the later. */
const stepsOf = (events: readonly RunEvent[]) =>
  new Map(events.flatMap((e) => (e.type === 'step' ? [[e.step, e] as const] : [])));

function numbersOf(steps: ReturnType<typeof stepsOf>, last: number): Series {
  const series = new Map<string, number>();
  for (const [step, { scalars, metrics }] of steps) {
    if (step > last) continue;
    for (const [key, value] of Object.entries({ ...scalars, ...metrics }))
      series.set(`step ${step}: ${key}`, value);
  }
  return series;
}

const epochsOf = (events: readonly RunEvent[]): Series =>
  new Map(
    events.flatMap((e) =>
      e.type === 'epoch'
        ? Object.entries(e.metrics).map(([key, value]) => [`epoch ${e.epoch}: ${key}`, value] as const)
        : [],
    ),
  );

const metricsOf = ({ result }: RunRecord): Series =>
  new Map(
    Object.entries(result?.metrics ?? {}).flatMap(([split, values]) =>
      Object.entries(values).flatMap(([name, { value }]) =>
        value === null ? [] : [[`${split}.${name}`, value] as const],
      ),
    ),
  );

function predictionCheck(was: RunRecord, is: RunRecord, compared: Compared): Check {
  const name = 'predictions';
  const [a, b] = [was, is].map(({ folder, result }) => readPredictions(folder, result)) as [
    ReturnType<typeof readPredictions>,
    ReturnType<typeof readPredictions>,
  ];
  if ('missing' in a) return { name, outcome: 'not checked', text: a.missing };
  if ('missing' in b) return { name, outcome: 'different', text: b.missing };
  const scores = ({ ids, predictions }: typeof a): Series => {
    const { units } = predictions;
    return new Map(
      Array.from(predictions.scores, (v, i) => [`id ${ids[Math.floor(i / units)]}, score ${i % units}:`, v]),
    );
  };
  const numbers = compared(name, scores(a), scores(b));
  const flipped = a.predicted.filter((p, i) => a.predictions.predicted && p !== b.predicted[i]).length;
  return flipped === 0
    ? numbers
    : { name, outcome: 'different', text: `${flipped} predictions; ${numbers.text}` };
}

async function weightCheck(was: RunRecord, is: RunRecord, compared: Compared): Promise<Check> {
  const name = 'final weights';
  if (!was.checkpoints.last || !is.checkpoints.last)
    return { name, outcome: 'not checked', text: 'there is no last checkpoint' };
  let states: Map<string, Float32Array>[];
  try {
    states = [
      (await readCheckpoint(was.checkpoints.last)).state,
      (await readCheckpoint(is.checkpoints.last)).state,
    ];
  } catch (error) {
    if (!(error instanceof MlxError)) throw error;
    return { name, outcome: 'not checked', text: error.message };
  }
  const [a, b] = states as [Map<string, Float32Array>, Map<string, Float32Array>];
  if (stateHash(a) === stateHash(b))
    return { name, outcome: 'identical', text: `${a.size} tensors, bit for bit` };
  // Of each tensor the element that differs most, so that the list stays small.
  const worst = (state: typeof a): Series =>
    new Map(
      [...state].map(([tensor, values]) => [tensor, values[furthest(a.get(tensor), b.get(tensor))] ?? 0]),
    );
  return compared(name, worst(a), worst(b));
}

function furthest(a: Float32Array | undefined, b: Float32Array | undefined): number {
  let at = 0;
  a?.forEach((v, i) => {
    if (Math.abs(v - (b?.[i] ?? 0)) > Math.abs(a[at]! - (b?.[at] ?? 0))) at = i;
  });
  return at;
}

/** A version that differs makes no difference by itself: it only explains one. */
function verdictOf(checks: readonly Check[], sameEnvironment: boolean): Reproduction['verdict'] {
  const counted = checks.filter((c) => c.name !== 'version');
  const causes = counted.filter((c) =>
    ['seed', 'config', 'data', 'plan', 'initial weights'].includes(c.name),
  );
  if (causes.some((c) => c.outcome === 'different')) return 'different';
  if (counted.some((c) => c.outcome === 'different'))
    return sameEnvironment ? 'different' : 'environment mismatch';
  return counted.some((c) => c.outcome === 'within tolerance') ? 'within tolerance' : 'identical';
}

function firstOf(checks: readonly Check[]): Reproduction['first'] {
  const found =
    checks.find((c) => c.outcome === 'different') ?? checks.find((c) => c.outcome === 'within tolerance');
  return found ? { what: found.name, text: found.text } : null;
}
