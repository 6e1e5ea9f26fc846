import type { RepeatFacts } from '../../pipeline/repeat.ts';
import {
  configHash,
  cpuClass,
  cpuModel,
  type Lock,
  planHash,
  type RunRecord,
  recordedCpuClass,
  type Versions,
  versions,
} from '../../record/index.ts';
import type { Check } from './reproduction.ts';
import { firstLine } from './series.ts';

/** Versions and machine as far as they decide bits. @param here this machine, and what runs on it */
export function environmentChecks({ versions: was, machine }: Lock, here: Environment): Check[] {
  const { versions: is } = here;
  const keys = ['mlx', 'node', 'v8', 'onnxruntime-node'] as const;
  return [
    changes(
      'version',
      keys.map((key) => [key, was?.[key], is[key]]),
    ),
    changes('machine', [
      ['platform', machine?.platform, here.platform],
      ['arch', machine?.arch, here.arch],
      ...cpuClasses(machine, here),
    ]),
  ];
}

export interface Environment {
  readonly versions: Versions;
  readonly platform: string;
  readonly arch: string;
  readonly cpuClass: string | null;
  readonly cpuModel: string | null;
}

export const environmentHere = async (): Promise<Environment> => ({
  versions: versions(),
  platform: process.platform,
  arch: process.arch,
  cpuClass: await cpuClass(),
  cpuModel: cpuModel(),
});

type Fact = readonly [what: string, was: string | null | undefined, is: string | null];

/** Processors of one model have one class, even where the class is unknown. */
function cpuClasses(machine: Lock['machine'] | undefined, here: Environment): Fact[] {
  const was = recordedCpuClass(machine);
  const model = machine?.cpu?.model;
  if ((was === null || here.cpuClass === null) && model && model === here.cpuModel)
    return [['CPU', model, model]];
  // Two unknown ones aren't known to be equal.
  return [['CPU class', was, here.cpuClass ?? UNKNOWN]];
}

const UNKNOWN = '(unknown)';

function changes(name: Check['name'], facts: readonly Fact[]): Check {
  const changed = facts.filter(([, was, is]) => (was ?? null) !== is);
  const text = changed.map(([key, was, is]) => `${key} ${was ?? UNKNOWN} → ${is ?? UNKNOWN}`);
  if (text.length > 0) return { name, outcome: 'different', text: text.join(', ') };
  return { name, outcome: 'identical', text: facts.map(([key, , is]) => `${key} ${is}`).join(', ') };
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
