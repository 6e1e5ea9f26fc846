import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Call, callsIn, type Ended, FAULTS, type Fault, nameOf, traced } from './strace.ts';
import { aftermath, mlx, place, type Subject } from './subject.ts';

/** One disturbance of one command. */
export interface Case {
  readonly call: Call;
  readonly fault: Fault;
}

export interface Outcome extends Case {
  /** Whether the command had made a run by then. */
  readonly run: boolean;
  readonly problems: readonly string[];
}

/** A command whose system calls are disturbed one by one. */
export interface Scenario {
  readonly name: string;
  readonly args: readonly string[];
  /** What the experiments folder holds before it; nothing when left out. */
  readonly before?: string;
  /** Exit codes of the undisturbed command. */
  readonly codes: readonly number[];
}

const experimentsOf = (small: Subject, at: string) => join(small.folder, at, 'experiments');

async function command(
  small: Subject,
  { args, before, name }: Scenario,
  at: string,
  found?: Case,
): Promise<Ended & { trace: string }> {
  const folder = place(small, at);
  if (before !== undefined) cpSync(before, experimentsOf(small, at), { recursive: true });
  // Another counter than that of the run that made `before`: names of temporary files don't meet in practice.
  const names = name === 'run' ? 0 : 10_000;
  const full = [...args, '--experiments', experimentsOf(small, at)];
  return traced(mlx(small, full, { names, cache: join(folder, 'cache') }), found);
}

/** Every call by which the command changes its experiments folder, made under every fault. */
export async function casesOf(small: Subject, scenario: Scenario): Promise<{ calls: number; cases: Case[] }> {
  const ended = await command(small, scenario, 'case');
  if (!scenario.codes.includes(ended.code ?? -1)) throw new Error(`${scenario.name} failed: ${ended.stderr}`);
  const calls = callsIn(ended.trace, join(small.folder, 'case', 'experiments'));
  rmSync(join(small.folder, 'case'), { recursive: true });
  return { calls: calls.length, cases: FAULTS.flatMap((fault) => calls.map((call) => ({ call, fault }))) };
}

/** Disturbs the command, then uses what it left. */
export async function disturb(
  small: Subject,
  scenario: Scenario,
  { call, fault }: Case,
  at: string,
): Promise<Outcome> {
  const path = call.path.replace(join(small.folder, 'case'), join(small.folder, at));
  const problems: string[] = [];
  try {
    const ended = await command(small, scenario, at, { call: { ...call, path }, fault });
    if (fault !== 'KILL') {
      if (![...scenario.codes, 3].includes(ended.code ?? -1))
        problems.push(`exit code ${ended.code}: ${ended.stderr.trim()}`);
      if (ended.code === 3 && !/error\[[a-z-]+\]: .*\n {2}help: /.test(ended.stderr))
        problems.push(`told badly: ${ended.stderr.trim()}`);
      if (/\n\s+at .*:\d+/.test(ended.stderr)) problems.push('a stack trace');
    }
    const after = existsSync(experimentsOf(small, at))
      ? await aftermath(small, experimentsOf(small, at))
      : undefined;
    problems.push(...(after?.problems ?? []));
    if (problems.length === 0) rmSync(join(small.folder, at), { recursive: true });
    return { call, fault, run: after?.run ?? false, problems };
  } catch (error) {
    return { call, fault, run: false, problems: [...problems, (error as Error).message] };
  }
}

/** `mlx run` from nothing, and `mlx resume` of a run that was killed after its first checkpoint. */
export async function scenarios(small: Subject): Promise<Scenario[]> {
  const run: Scenario = { name: 'run', args: small.args, codes: [0] };
  const { cases } = await casesOf(small, run);
  const writes = cases.filter(
    ({ call, fault }) => fault === 'KILL' && /^write \d+ of .*events\.ndjson$/.test(nameOf(call)),
  );
  // run_started, two messages, epochs 1 and 2, the best and then the last checkpoint: then epoch 3.
  const { call } = writes[7]!;
  await command(small, run, 'killed', {
    call: { ...call, path: call.path.replace('/case/', '/killed/') },
    fault: 'KILL',
  });
  const before = experimentsOf(small, 'killed');
  return [run, { name: 'resume', args: ['resume', '0001'], before, codes: [0] }];
}
