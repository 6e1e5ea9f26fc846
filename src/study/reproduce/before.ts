import type { RepeatFacts } from '../../pipeline/repeat.ts';
import { configHash, type Lock, planHash, type RunRecord, versions } from '../../record/index.ts';
import type { Check } from './reproduction.ts';
import { firstLine } from './series.ts';

/** Versions and machine as far as they decide bits. */
export function environmentCheck({ versions: was, machine }: Lock): Check {
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
export function changedEngine({ engine: was }: Lock, again: Lock | undefined): string | undefined {
  if (!again) return undefined;
  const of = ({ type, provider, version, options }: Lock['engine']) =>
    Object.entries({ ...options, type, provider, version }).map(([k, v]) => [k, String(v)] as const);
  const is = new Map(of(again.engine));
  const changed = of(was).filter(([key, value]) => is.get(key) !== value);
  return changed.map(([key, value]) => `engine ${key} ${value} → ${is.get(key)}`).join(', ') || undefined;
}

/** What can be held against the lock before the first step. */
export function factChecks(reference: RunRecord, lock: Lock, facts: RepeatFacts): Check[] {
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
